#!/usr/bin/env node
// The TypeScript sources run as they are: tsx is registered here so that a checkout needs no build step.
import 'tsx';

await import('./cli.ts');
