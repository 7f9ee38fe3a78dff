// @ts-check
// The empty database with its extensions, made once for each release of the engine (15 s) and copied for each new folder.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openFolder } from './pglite.js';

const postgisEntry = createRequire(import.meta.url).resolve('@electric-sql/pglite-postgis');

/** Leaves raster and topology out of the PostGIS bundle: they cost a second and 300 MB at every start. */
function slimBundle() {
  const tar = gunzipSync(readFileSync(join(postgisEntry, '..', 'postgis.tar.gz')));
  const kept = [];
  for (let at = 0; at < tar.length; ) {
    const name = tar.toString('latin1', at, at + 100);
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    const end = at + 512 + Math.ceil(size / 512) * 512;
    if (!/postgis_(raster|topology)/.test(name)) kept.push(tar.subarray(at, end));
    at = end;
  }
  return gzipSync(Buffer.concat(kept), { level: 1 });
}

/** @param {string} folder */
function measure(folder) {
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return `${files} files, ${bytes} bytes`;
}

/** A template is whole when it weighs what was noted as the last step of making it. @param {string} template */
function isWhole(template) {
  const seal = join(template, 'seal.txt');
  return existsSync(seal) && readFileSync(seal, 'utf8') === measure(join(template, 'pgdata'));
}

/**
 * Gives the folder of the template, with `pgdata` and the bundle `postgis.tar.gz`. It is made beside its final place and
 * moved there whole.
 * @param {string} cache @param {(step: string) => void} report
 */
export async function ensureTemplate(cache, report) {
  const { version, peerDependencies } = JSON.parse(
    readFileSync(join(postgisEntry, '..', '..', 'package.json'), 'utf8'),
  );
  const template = join(cache, `embedded-${peerDependencies['@electric-sql/pglite']}-${version}`);
  if (isWhole(template)) return template;
  report('making the embedded database, once (about 15 s)');
  const building = `${template}.${process.pid}.${Date.now()}`;
  rmSync(template, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  try {
    writeFileSync(join(building, 'postgis.tar.gz'), slimBundle());
    const engine = await openFolder(join(building, 'pgdata'), join(building, 'postgis.tar.gz'));
    report('adding PostGIS');
    for (const name of ['postgis', 'btree_gist', 'pg_trgm']) await engine.exec(`create extension ${name}`);
    await engine.close();
    writeFileSync(join(building, 'seal.txt'), measure(join(building, 'pgdata')));
    renameSync(building, template);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    // Another process may have been first.
    if (!isWhole(template)) throw error;
  }
  return template;
}
