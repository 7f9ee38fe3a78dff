import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, IN_MEMORY } from '../config.ts';
import { DomainError } from '../errors.ts';

const SECRET_BYTES = 32;

/**
 * The secret of this registry: SECRET_KEY; without it, on the embedded database, a random one made once in
 * DATA_DIR/keys/secret; undefined on PostgreSQL, where several servers must share one. With DATA_DIR :memory: every call
 * makes another, so call it once. Never use it as it is: `deriveKey`.
 */
export function readSecret(config: Pick<Config, 'secretKey' | 'databaseUrl' | 'dataDir'>): Buffer | undefined {
  if (config.secretKey !== undefined) return Buffer.from(config.secretKey);
  if (config.databaseUrl !== undefined) return undefined;
  if (config.dataDir === IN_MEMORY) return randomBytes(SECRET_BYTES);
  const made = () => randomBytes(SECRET_BYTES).toString('hex');
  return readOrMakeKeyFile(config.dataDir, 'secret', made, (text) => {
    const secret = Buffer.from(text.trim(), 'hex');
    return secret.length === SECRET_BYTES ? secret : undefined;
  });
}

/** A 256-bit key for one purpose (HKDF-SHA256, RFC 5869), so that what is learnt of one purpose tells nothing of another. */
export function deriveKey(secret: Uint8Array, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'wangge', label, SECRET_BYTES));
}

/**
 * The file DATA_DIR/keys/`name`, made by `make` if there is none, as `parse` reads it (undefined: damaged). Processes
 * that make it at once agree on one of them. Only the owner may read it. Throws BAD_CONFIG naming the file.
 */
export function readOrMakeKeyFile<T>(
  dataDir: string,
  name: string,
  make: () => string,
  parse: (text: string) => T | undefined,
): T {
  const file = join(resolve(dataDir), 'keys', name);
  const parsed = parse(readKeyFile(file) ?? makeKeyFile(file, make));
  if (parsed !== undefined) return parsed;
  const message = `DATA_DIR: ${file} is damaged. Put its copy back; or delete it for a new one, and all that the old one signed or hashed is no longer good.`;
  throw new DomainError('BAD_CONFIG', message, { file });
}

function readKeyFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
}

// Written aside and linked: the name appears with its whole content, and only the first of several processes gets it.
function makeKeyFile(file: string, make: () => string): string {
  const draft = `${file}.${randomUUID()}`;
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(draft, make(), { flag: 'wx', mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error);
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

function unusable(file: string, error: unknown): DomainError {
  const { code } = error as NodeJS.ErrnoException;
  const message = `DATA_DIR: ${file} cannot be read or made (${code}). Let this user read and write there, or name another folder.`;
  return new DomainError('BAD_CONFIG', message, { file }, { cause: error });
}
