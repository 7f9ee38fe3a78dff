import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SERVER = 'test/chaos/server.ts';

/** A change of one source file that breaks it. */
export interface Mutation {
  /** Path in this checkout. */
  readonly file: string;
  /** Must be there, exactly once. */
  readonly from: string | RegExp;
  readonly to: string;
}

interface Loaded {
  readonly contents: string;
  readonly loader: 'ts';
}

interface Builder {
  onLoad(which: { filter: RegExp }, load: (file: { path: string }) => Loaded | undefined): void;
}

interface Esbuild {
  build(options: object): Promise<unknown>;
}

/** The compiler that tsx brings along. */
function esbuild(): Esbuild {
  const require = createRequire(createRequire(import.meta.url).resolve('tsx'));
  return require('esbuild') as Esbuild;
}

/** The source with its mutations. Throws where one does not meet its text: the twin would not be broken. */
function mutated(path: string, mutations: readonly Mutation[]): string {
  return mutations
    .filter(({ file }) => path === join(ROOT, file))
    .reduce(
      (text, { file, from, to }) => {
        if (text.split(from).length !== 2)
          throw new Error(`${file} does not have this text once, so no twin is made: ${from}`);
        return text.replace(from, () => to);
      },
      readFileSync(path, 'utf8'),
    );
}

/** Compiles the server once, because it is started many times. Gives the file to run, in a folder below `folder`. */
export async function buildServerFile(folder: string, mutations: readonly Mutation[] = []): Promise<string> {
  const home = mkdtempSync(join(folder, 'build-'));
  // Modules find migrations and packages from where they are.
  for (const name of ['migrations', 'node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(home, name));
  mkdirSync(join(home, 'test/chaos'), { recursive: true });
  const outfile = join(home, 'test/chaos/server.mjs');
  const touched = new Set<string>();
  const plugin = {
    name: 'twin',
    setup(builder: Builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!mutations.some(({ file }) => path === join(ROOT, file))) return undefined;
        touched.add(path);
        return { contents: mutated(path, mutations), loader: 'ts' };
      });
    },
  };
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' };
  await esbuild().build({ ...options, entryPoints: [join(ROOT, SERVER)], outfile, plugins: [plugin] });
  if (touched.size < new Set(mutations.map(({ file }) => file)).size)
    throw new Error('A mutated file is not part of the server.');
  return outfile;
}

/** A new folder that is gone when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wangge-chaos-run-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
