import type { z } from 'zod';
import { SETTINGS } from './config/settings.ts';
import { DomainError } from './errors.ts';

export { IN_MEMORY } from './config/settings.ts';

type SettingName = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as SettingName[];

type Tail<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Capitalize<Lowercase<A>>}${Tail<B>}`
  : Capitalize<Lowercase<S>>;
/** DATABASE_URL → databaseUrl */
type Camel<S extends string> = Uncapitalize<Tail<S>>;

/** The settings of one process, checked; each is named as its variable. Durations are in milliseconds, sizes in bytes. */
export type Config = {
  readonly [N in SettingName as Camel<N>]: z.output<(typeof SETTINGS)[N]['form']>;
};

export type Environment = Readonly<Record<string, string | undefined>>;

// An empty variable, as `FOO= command` or a compose file leaves it, means unset.
const given = (env: Environment, name: SettingName) => env[name]?.trim() || SETTINGS[name].fallback;

const camel = (name: string) => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Reads every setting. Throws BAD_CONFIG with all faults at once; `details.faults` lists them as {name, fault}. */
export function readConfig(env: Environment): Config {
  const faults: { name: string; fault: string }[] = [];
  const read = (name: SettingName) => {
    const result = SETTINGS[name].form.safeParse(given(env, name));
    if (!result.success) faults.push({ name, fault: result.error.issues.map((issue) => issue.message).join('; ') });
    return [camel(name), result.data];
  };
  const config = Object.fromEntries(NAMES.map(read)) as Config;
  if (config.localIssuer && config.databaseUrl && config.nodeEnv === 'production') {
    const fault = 'tokens that anybody on this machine can make are not taken in production; unset it';
    faults.push({ name: 'LOCAL_ISSUER', fault });
  }
  if (faults.length > 0) {
    const list = faults.map(({ name, fault }) => `${name}: ${fault}`).join('. ');
    throw new DomainError('BAD_CONFIG', `${list}. \`npx wangge config\` lists every setting.`, { faults });
  }
  return config;
}

/** One line of `wangge config`. `value` is present where the environment sets it, with passwords masked. */
export interface SettingDescription {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  readonly value?: string;
}

// A parameter of the URL may carry a password or a key path as well, so the whole query goes.
function maskUrl(text: string): string {
  if (!URL.canParse(text)) return '(not a URL)';
  const url = new URL(text);
  if (url.password) url.password = '***';
  if (url.search) url.search = '?***';
  return url.href;
}

const SECRETS: readonly SettingName[] = ['SECRET_KEY', 'METRICS_TOKEN'];

function masked(name: SettingName, value: string): string {
  if (SECRETS.includes(name)) return '***';
  return name.endsWith('DATABASE_URL') ? maskUrl(value) : value;
}

/** Every setting with its default and meaning, in the order of SETTINGS. */
export function describeConfig(env: Environment = {}): SettingDescription[] {
  return NAMES.map((name) => {
    const { fallback, meaning } = SETTINGS[name];
    const value = env[name]?.trim();
    const shown = value && masked(name, value);
    return { name, default: fallback ?? '(unset)', meaning, ...(shown ? { value: shown } : {}) };
  });
}
