import { describe, expect, it } from 'vitest';
import { describeConfig, readConfig } from '../src/config.ts';
import { DomainError } from '../src/errors.ts';

describe('settings', () => {
  it('have defaults for an empty environment', () => {
    expect(readConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: './data',
      logLevel: 'info',
      statementTimeoutMs: 30_000,
      poolSize: 10,
      bodyLimitBytes: 4_194_304,
      corsOrigins: '*',
      timeZone: 'Asia/Shanghai',
      introspection: true,
      migrationDatabaseUrl: undefined,
      secretKey: undefined,
      oidcIssuer: undefined,
      oidcAudience: 'wangge',
      oidcJwksUrl: undefined,
      oidcAlgorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      oidcTokenType: 'at+jwt',
      oidcRolesClaim: 'wangge_roles',
      oidcStaffClaim: 'wangge_staff',
      localIssuer: undefined,
      auditHeadFile: undefined,
      suggestions: true,
      operationTimeoutMs: 15_000,
      costLimit: 500_000,
      rateLimit: 5_000_000,
      socketsPerCaller: 20,
      feedRetentionDays: 30,
      webhookPrivateNetworks: undefined,
      webhookSource: '/wangge',
      trustProxy: undefined,
      metricsToken: undefined,
      nodeEnv: 'development',
    });
  });

  it('are read from the environment, and an empty variable counts as unset', () => {
    const config = readConfig({ PORT: ' 8080 ', DATABASE_URL: '', INTROSPECTION: 'off', LOG_LEVEL: 'debug' });
    expect(config).toMatchObject({ port: 8080, databaseUrl: undefined, introspection: false, logLevel: 'debug' });
  });

  it('report all faults together', () => {
    const env = {
      PORT: '70000',
      DATABASE_URL: 'mysql://x/y',
      POOL_SIZE: 'many',
      CORS_ORIGINS: 'https://map.example.org/path',
      TIME_ZONE: 'Asia/Atlantis',
      INTROSPECTION: 'perhaps',
      SECRET_KEY: 'short',
      OIDC_ISSUER: 'http://login.example.org',
      OIDC_ALGORITHMS: 'RS256,HS256',
      WEBHOOK_PRIVATE_NETWORKS: '10.0.0.0/8,10/8',
    };
    const attempt = () => readConfig(env);
    expect(attempt).toThrow(DomainError);
    try {
      attempt();
    } catch (error) {
      const { code, message, details } = error as DomainError;
      expect(code).toBe('BAD_CONFIG');
      expect((details.faults as { name: string }[]).map(({ name }) => name).toSorted()).toEqual(
        Object.keys(env).toSorted(),
      );
      for (const name of Object.keys(env)) expect(message).toContain(name);
      expect(message).toContain('npx wangge config');
    }
  });

  it('are described one by one, with secrets masked', () => {
    const url = 'postgres://me:hunter2@db.example:5432/wangge?sslpassword=hunter3';
    const lines = describeConfig({ DATABASE_URL: url, PORT: '5000' });
    expect(lines.find(({ name }) => name === 'PORT')).toMatchObject({ default: '4000', value: '5000' });
    expect(lines.find(({ name }) => name === 'DATABASE_URL')?.value).toBe(
      'postgres://me:***@db.example:5432/wangge?***',
    );
    expect(JSON.stringify(lines)).not.toContain('hunter');
    expect(lines.every(({ meaning }) => meaning.length > 10)).toBe(true);
    expect(lines).toHaveLength(Object.keys(readConfig({})).length);
  });

  it('never show a secret', () => {
    const secret = 'a'.repeat(40);
    expect(JSON.stringify(describeConfig({ SECRET_KEY: secret, METRICS_TOKEN: secret }))).not.toContain(secret);
  });

  it('do not let a production server take tokens that anybody on the machine can make', () => {
    const env = { LOCAL_ISSUER: 'true', DATABASE_URL: 'postgres://db/wangge' };
    expect(readConfig(env).localIssuer).toBe(true);
    expect(() => readConfig({ ...env, NODE_ENV: 'production' })).toThrow(/LOCAL_ISSUER/);
  });

  it('never shows a database address that cannot be read as one', () => {
    expect(JSON.stringify(describeConfig({ DATABASE_URL: 'postgres//me:hunter2@db' }))).not.toContain('hunter');
  });
});
