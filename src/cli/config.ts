import { describeConfig, type Environment } from '../config.ts';

/** Every setting with its default, its meaning and, where the environment sets it, its value; secrets are masked. */
export function printConfig(env: Environment, out: NodeJS.WritableStream = process.stdout): void {
  for (const { name, meaning, default: fallback, value } of describeConfig(env)) {
    out.write(
      `${name} = ${value === undefined ? `${fallback} (the default)` : `${value} (default ${fallback})`}\n    ${meaning}\n`,
    );
  }
}
