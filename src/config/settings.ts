import { z } from 'zod';
import { algorithms, flag, networks, origins, postgresUrl, timeZone, webAddress, whole } from './forms.ts';

/** A throwaway database in a temporary folder, gone when it is closed. */
export const IN_MEMORY = ':memory:';

/** Every setting once: the variable, its form, its default as it would be written, and what it means. */
export const SETTINGS = {
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
  MIGRATION_DATABASE_URL: {
    form: postgresUrl.optional(),
    fallback: undefined,
    meaning:
      'The same database as its owner, who makes and changes tables. Unset: DATABASE_URL must be the owner, and the server gives up those rights once the tables are made.',
  },
  SECRET_KEY: {
    form: z
      .string()
      .min(32, 'must have at least 32 characters, from a random source such as `openssl rand -hex 32`')
      .optional(),
    fallback: undefined,
    meaning:
      'Secret under which API keys are stored and the head of the audit is signed; the same on all servers of one database. Unset on the embedded database: made once in DATA_DIR.',
  },
  OIDC_ISSUER: {
    form: webAddress.optional(),
    fallback: undefined,
    meaning: 'Issuer of access tokens (OpenID Connect), as in their `iss`. Unset: nobody signs in with such a token.',
  },
  OIDC_AUDIENCE: { form: z.string(), fallback: 'wangge', meaning: 'What the `aud` of an access token must hold.' },
  OIDC_JWKS_URL: {
    form: webAddress.optional(),
    fallback: undefined,
    meaning: 'Where the public keys of the issuer are. Unset: as its /.well-known/openid-configuration says.',
  },
  OIDC_ALGORITHMS: {
    form: algorithms,
    fallback: 'RS256,PS256,ES256,EdDSA',
    meaning: 'Signature algorithms taken, separated by commas; symmetric ones and `none` never are.',
  },
  OIDC_TOKEN_TYPE: {
    form: z.string(),
    fallback: 'at+jwt',
    meaning: 'The `typ` an access token must have (RFC 9068). Some issuers write JWT there, and in ID tokens too.',
  },
  OIDC_ROLES_CLAIM: {
    form: z.string(),
    fallback: 'wangge_roles',
    meaning: 'Claim with a list of role@grid, such as officer@421303187 or auditor@*; a grid is an id or a code.',
  },
  OIDC_STAFF_CLAIM: {
    form: z.string().trim().min(1).max(100),
    fallback: 'wangge_staff',
    meaning: 'Claim with the id of the person of the registry who signs in; needed to act for posts that one holds',
  },
  LOCAL_ISSUER: {
    form: flag.optional(),
    fallback: undefined,
    meaning:
      'Whether tokens of `wangge token` are taken. Unset: on the embedded database only. Refused with DATABASE_URL where NODE_ENV is production.',
  },
  AUDIT_HEAD_FILE: {
    form: z.string().optional(),
    fallback: undefined,
    meaning:
      'File to which the signed head of the audit is written; keep it where the database cannot reach. Unset on the embedded database: audit-head.jws in DATA_DIR.',
  },
  SUGGESTIONS: {
    form: flag,
    fallback: 'true',
    meaning: 'Whether a refused document is answered with "Did you mean …?".',
  },
  OPERATION_TIMEOUT_MS: {
    form: whole(100, 600_000),
    fallback: '15000',
    meaning: 'Milliseconds after which an operation is given up.',
  },
  COST_LIMIT: {
    form: whole(100, 1_000_000_000),
    fallback: '500000',
    meaning: 'Most that one operation may cost: about one for each object of its answer, lists by their expected size.',
  },
  RATE_LIMIT: {
    form: whole(100, 1_000_000_000_000),
    fallback: '5000000',
    meaning: 'Cost that one caller (a key, a signed-in person, else an address) may spend in ten seconds.',
  },
  SOCKETS_PER_CALLER: {
    form: whole(1, 100_000),
    fallback: '20',
    meaning: 'Open WebSockets and event streams of one caller at a time.',
  },
  FEED_RETENTION_DAYS: {
    form: whole(1, 3_650),
    fallback: '30',
    meaning: 'Days for which events of the feeds are kept: who was away for longer reads anew.',
  },
  WEBHOOK_PRIVATE_NETWORKS: {
    form: networks.optional(),
    fallback: undefined,
    meaning:
      'Networks such as 10.0.0.0/8, separated by commas, in which webhooks may be received though they are not public; http is taken there too. Unset: none.',
  },
  WEBHOOK_SOURCE: {
    form: z.string().regex(/^\S{1,200}$/, 'must be a URI or the path of one, without spaces'),
    fallback: '/wangge',
    meaning: 'The CloudEvents `source` of webhooks: which registry sends, such as https://wangge.example.org.',
  },
  TRUST_PROXY: {
    form: z.string().optional(),
    fallback: undefined,
    meaning:
      'Addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed. Unset: of none, and a proxy counts as one caller.',
  },
  METRICS_TOKEN: {
    form: z.string().min(16, 'must have at least 16 characters').optional(),
    fallback: undefined,
    meaning: 'Bearer token that /metrics demands. Unset: /metrics answers only to this machine itself.',
  },
  NODE_ENV: { form: z.string(), fallback: 'development', meaning: 'production refuses what only a demo may do.' },
} as const;
