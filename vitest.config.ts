import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Two copies of graphql (ESM and CJS) would refuse each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    // One database instance serves the whole run (PGlite with PostGIS takes about 1 GB and seconds to open),
    // so files share a process and each file starts by emptying the tables.
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
