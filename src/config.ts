import { z } from 'zod';
import { DomainError } from './errors.ts';

/** A throwaway database in a temporary folder, gone when it is closed. */
export const IN_MEMORY = ':memory:';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

const postgresUrl = z.string().refine((text) => {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}, 'must look like postgres://user:password@host:5432/database');

const timeZone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}, 'must be the IANA name of a time zone, such as Asia/Shanghai');

const origins = z.string().transform((text, context): '*' | string[] => {
  if (text === '*') return '*';
  const listed = text.split(',').map((origin) => origin.trim());
  const bad = listed.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (bad !== undefined) context.addIssue(`${bad} is not an origin such as https://map.example.org, without a path`);
  return listed;
});

/** Every setting once: the variable, its form, its default as it would be written, and what it means. */
const SETTINGS = {
  PORT: { form: whole(0, 65_535), fallback: '4000', meaning: 'TCP port of the server; 0 takes a free one.' },
  HOST: {
    form: z.string(),
    fallback: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 serves other machines too.',
  },
  DATABASE_URL: {
    form: postgresUrl.optional(),
    fallback: undefined,
    meaning: 'PostgreSQL 15 or later with PostGIS 3.3 or later. Unset: the embedded database in DATA_DIR.',
  },
  DATA_DIR: {
    form: z.string(),
    fallback: './data',
    meaning: `Folder of the embedded database, used by one process at a time; ${IN_MEMORY} keeps nothing.`,
  },
  LOG_LEVEL: {
    form: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: 'info',
    meaning: 'Least severity that is logged: fatal, error, warn, info, debug, trace or silent.',
  },
  STATEMENT_TIMEOUT_MS: {
    form: whole(100, 3_600_000),
    fallback: '30000',
    meaning: 'Milliseconds after which a statement is given up; imports allow themselves more.',
  },
  POOL_SIZE: { form: whole(1, 200), fallback: '10', meaning: 'Most connections held to PostgreSQL at once.' },
  BODY_LIMIT_BYTES: {
    form: whole(1_024, 1_073_741_824),
    fallback: '4194304',
    meaning: 'Largest request body, in bytes.',
  },
  CORS_ORIGINS: {
    form: origins,
    fallback: '*',
    meaning: 'Web pages that may ask from a browser: * for all, or origins separated by commas. No cookies are used.',
  },
  TIME_ZONE: {
    form: timeZone,
    fallback: 'Asia/Shanghai',
    meaning: 'IANA time zone in which a date without a time begins, in CSV files.',
  },
  INTROSPECTION: { form: flag, fallback: 'true', meaning: 'Whether clients may read the GraphQL schema.' },
} as const;

type SettingName = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as SettingName[];

/** The settings of one process, checked. Durations are in milliseconds, sizes in bytes. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly statementTimeoutMs: number;
  readonly poolSize: number;
  readonly bodyLimitBytes: number;
  /** Origins of web pages that may ask from a browser, or `*`. */
  readonly corsOrigins: '*' | string[];
  /** IANA name. */
  readonly timeZone: string;
  readonly introspection: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

// An empty variable, as `FOO= command` or a compose file leaves it, means unset.
const given = (env: Environment, name: SettingName) => env[name]?.trim() || SETTINGS[name].fallback;

/** Reads every setting. Throws BAD_CONFIG with all faults at once; `details.faults` lists them as {name, fault}. */
export function readConfig(env: Environment): Config {
  const faults: { name: string; fault: string }[] = [];
  const read = <N extends SettingName>(name: N): z.output<(typeof SETTINGS)[N]['form']> => {
    const result = SETTINGS[name].form.safeParse(given(env, name));
    if (!result.success) faults.push({ name, fault: result.error.issues.map((issue) => issue.message).join('; ') });
    return result.data as z.output<(typeof SETTINGS)[N]['form']>;
  };
  const config: Config = {
    port: read('PORT'),
    host: read('HOST'),
    databaseUrl: read('DATABASE_URL'),
    dataDir: read('DATA_DIR'),
    logLevel: read('LOG_LEVEL'),
    statementTimeoutMs: read('STATEMENT_TIMEOUT_MS'),
    poolSize: read('POOL_SIZE'),
    bodyLimitBytes: read('BODY_LIMIT_BYTES'),
    corsOrigins: read('CORS_ORIGINS'),
    timeZone: read('TIME_ZONE'),
    introspection: read('INTROSPECTION'),
  };
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

/** Every setting with its default and meaning, in the order of SETTINGS. */
export function describeConfig(env: Environment = {}): SettingDescription[] {
  return NAMES.map((name) => {
    const { fallback, meaning } = SETTINGS[name];
    const value = env[name]?.trim();
    const shown = value && (name === 'DATABASE_URL' ? maskUrl(value) : value);
    return { name, default: fallback ?? '(unset)', meaning, ...(shown ? { value: shown } : {}) };
  });
}
