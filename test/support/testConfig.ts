import { type Config, type Environment, readConfig } from '../../src/config.ts';

/** Settings of a house under test: silent, its keys in memory only, and no limit that a test of answers would meet. */
export function testConfig(env: Environment = {}): Config {
  return readConfig({ LOG_LEVEL: 'silent', DATA_DIR: ':memory:', RATE_LIMIT: '1000000000', ...env });
}
