import 'reflect-metadata';
import fc from 'fast-check';

// The same examples in every run, so that a test fails for what was changed. FAST_CHECK_SEED=random looks for new ones.
const seed = process.env.FAST_CHECK_SEED ?? '20261122';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
