#!/usr/bin/env node
// The TypeScript sources run as they are: tsx is registered here so that a checkout needs no build step.
import { fileURLToPath } from 'node:url';

// It would look for it where the command is called, and find none or that of somebody else.
process.env.TSX_TSCONFIG_PATH ??= fileURLToPath(new URL('../tsconfig.json', import.meta.url));
// @ts-expect-error It is loaded for what it does then, and has no types.
await import('tsx');
await import('./cli.ts');
