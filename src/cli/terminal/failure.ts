import { CommanderError } from 'commander';
import { DomainError } from '../../errors.ts';

const USAGE = 2;
const FAILED = 1;

/** Prints what went wrong as one line `CODE: message` with its details below, and gives the exit code. */
export function reportFailure(error: unknown, stream: NodeJS.WritableStream = process.stderr): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const { code, message, details } = toDomainError(error);
  stream.write(`${code}: ${message}\n`);
  for (const [name, value] of Object.entries(details)) {
    stream.write(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  }
  if (code === 'INTERNAL' && error instanceof Error) stream.write(`${error.stack}\n`);
  return FAILED;
}

function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new DomainError('BAD_CONFIG', 'The port is taken; name another with PORT=….');
  if (path && code) return new DomainError('BAD_FILE', `${path}: ${FILE_FAULTS[code] ?? message}`);
  return new DomainError('INTERNAL', message ?? String(error));
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EACCES: 'may not be read or written.',
  EISDIR: 'is a folder, not a file.',
};
