// @ts-check
// PGlite with PostGIS, and the repairs without which it cannot be trusted with other people's boundaries.
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { postgis } from '@electric-sql/pglite-postgis';

const LONG_JUMP = 100;
const ERROR_LEVEL = 21;
// SQLSTATE XX000 in PostgreSQL's packing, six bits a character.
const INTERNAL_ERROR = [...'XX000'].reduce((sum, char, i) => sum + (((char.charCodeAt(0) - 48) & 63) << (6 * i)), 0);

/** @type {unknown} */
let trap;

/**
 * PostGIS is compiled here without C++ catch blocks, so an exception of GEOS would unwind through PostgreSQL as if the
 * statement had ended well: 0 rows, no error, and triggers that judge a boundary would pass it. Raised as a PostgreSQL
 * error at the throw instead, it aborts the statement and the transaction like any other.
 */
const geosErrors = {
  name: 'geosErrors',
  /** @param {any} engine @param {any} options */
  async setup(engine, options) {
    const instantiate = options.instantiateWasm;
    const instantiateWasm = (/** @type {any} */ imports, /** @type {any} */ done) => {
      imports.env.__cxa_throw = (/** @type {number} */ exception) => {
        const mod = engine.Module;
        // A std::runtime_error keeps its text right behind the pointer to its methods.
        const text = mod.UTF8ToString(mod.HEAPU32[(exception + 4) >> 2], 300).trim();
        mod._errstart(ERROR_LEVEL, 0);
        mod._errcode(INTERNAL_ERROR);
        mod._errmsg_internal(mod.stringToUTF8OnStack(`GEOS: ${text.replaceAll('%', '%%')}`), 0);
        mod._errfinish(0, 0, 0);
      };
      return instantiate(imports, done);
    };
    return { emscriptenOpts: { ...options, instantiateWasm } };
  },
};

/**
 * PGlite leaves the C stack where an error found it, so about 5,000 errors would exhaust it; and it goes on after a
 * trap of the machine itself, with memory in an unknown state.
 * @param {any} mod
 */
function keepStack(mod) {
  const runOnce = mod._PostgresMainLoopOnce;
  mod._PostgresMainLoopOnce = () => {
    const top = mod.___stack_pointer.value;
    try {
      return runOnce();
    } catch (error) {
      mod.___stack_pointer.value = top;
      if (mod._pgl_getPGliteExitStatus() !== LONG_JUMP) trap = error;
      throw error;
    }
  };
  const setStatus = mod._pgl_setPGliteExitStatus;
  mod._pgl_setPGliteExitStatus = (/** @type {number} */ status) => {
    if (trap) throw trap;
    return setStatus(status);
  };
}

/** Opens a folder, making the database if there is none. @param {string} folder @param {string} bundle */
export async function openFolder(folder, bundle) {
  const slimPostgis = {
    ...postgis,
    /** @param {any} engine @param {any} options */
    setup: async (engine, options) => ({
      ...(await postgis.setup(engine, options)),
      bundlePath: pathToFileURL(bundle),
    }),
  };
  const engine = await PGlite.create(folder, { extensions: { geosErrors, postgis: slimPostgis, btree_gist, pg_trgm } });
  keepStack(engine.Module);
  return engine;
}
