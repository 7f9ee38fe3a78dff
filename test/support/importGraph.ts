import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** A source file as the architecture sees it; paths are relative to the root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly { readonly path: string; readonly typeOnly: boolean }[];
}

export interface Rules {
  /** For each module (a folder or file at the top) the modules it may import. */
  readonly arrows: Readonly<Record<string, readonly string[]>>;
  /** Modules that construct everything and may therefore import repositories. */
  readonly composers: readonly string[];
  readonly mostLines: number;
  readonly mostFiles: number;
  /** Files that may be longer, each with its reason. */
  readonly longFiles: Readonly<Record<string, string>>;
}

/** Every TypeScript file below the root with its imports of other files below it. */
export function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
      return { path: relative(root, path), lines, imports: importsIn(text, dirname(path), root) };
    });
}

const STATEMENT =
  /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

function importsIn(text: string, folder: string, root: string): SourceFile['imports'] {
  return [...text.matchAll(STATEMENT)].map(([, type, from, bare, dynamic]) => ({
    path: relative(root, resolve(folder, from ?? bare ?? dynamic)),
    typeOnly: type !== undefined,
  }));
}

/** Every breach of the rules, in plain words; empty when the house is as it was drawn. */
export function breaches(files: readonly SourceFile[], rules: Rules): string[] {
  if (files.length === 0) return ['there are no files'];
  return [...arrowBreaches(files, rules), ...sizeBreaches(files, rules), ...cycles(files)];
}

/** `grids` for `grids/atlas/atlas.ts`, `app` for `app.ts`, and `../seeds` for what lies outside. */
function moduleOf(path: string): string {
  const parts = path.split('/');
  return (parts[0] === '..' ? `../${parts[1]}` : parts[0]).replace(/\.ts$/, '');
}

function arrowBreaches(files: readonly SourceFile[], { arrows, composers }: Rules): string[] {
  const found: string[] = [];
  for (const file of files) {
    const from = moduleOf(file.path);
    if (!arrows[from]) found.push(`${file.path} is in no known module`);
    for (const { path } of file.imports) {
      const to = moduleOf(path);
      if (to !== from && !arrows[from]?.includes(to)) found.push(`${file.path} may not import ${path}`);
      if (to !== from && path.endsWith('.repository.ts') && !composers.includes(from)) {
        found.push(`${file.path} uses the repository of another module, ${path}`);
      }
    }
  }
  return found;
}

function sizeBreaches(files: readonly SourceFile[], { mostLines, mostFiles, longFiles }: Rules): string[] {
  const found = files
    .filter((file) => file.lines > mostLines && !longFiles[file.path])
    .map((file) => `${file.path} has ${file.lines} lines`);
  const filesIn = new Map<string, number>();
  for (const { path } of files) filesIn.set(dirname(path), (filesIn.get(dirname(path)) ?? 0) + 1);
  for (const [folder, count] of filesIn) {
    if (folder !== '.' && count > mostFiles) found.push(`${folder} has ${count} files`);
  }
  for (const { path } of files) {
    if (/(util|helper|manager|common|misc)s?\b/i.test(path)) found.push(`${path} is named for nothing it decides`);
  }
  for (const path of Object.keys(longFiles)) {
    if (!files.some((file) => file.path === path && file.lines > mostLines)) found.push(`${path} needs no exception`);
  }
  return found;
}

/** Types are erased, so only imports that exist at run time can make a cycle that matters. */
function cycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map((file) => [file.path, file.imports.filter((i) => !i.typeOnly).map((i) => i.path)]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    if (state.get(path) === 'open') found.push(`a cycle: ${[...way.slice(way.indexOf(path)), path].join(' → ')}`);
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const next of targets.get(path) ?? []) walk(next, [...way, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) walk(path, []);
  return found;
}
