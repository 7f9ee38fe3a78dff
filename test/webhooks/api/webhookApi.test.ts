import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeysWorld } from '../../keys/keysWorld.ts';
import { type Api, openApi } from '../../support/api.ts';

let keys: KeysWorld;
let api: Api;
let admin: { authorization: string };
beforeAll(async () => {
  keys = await KeysWorld.open();
  api = await openApi();
  admin = await api.as('admin', 'D1');
});
afterAll(() => api.close());

const CREATE =
  'mutation($input: WebhookInput!) { createWebhook(input: $input) { secret webhook { id status areaId behind } } }';
const LIST =
  '{ webhooks { totalCount edges { node { id url status reason lastWeek { delivered } secrets { createdAt } } } } }';
// An address, so that no name is looked up.
const URL_HERE = 'https://93.184.216.34/hook?token=t0p-s3cret';

async function inputOf(more: object = {}) {
  const client = await keys.issue(['D1'], { actions: ['registry.read', 'incidents.read'] });
  return { input: { clientId: client.client.id, within: 'S1', url: URL_HERE, ...more } };
}

describe('over HTTP', () => {
  it('an administrator makes, rotates, pauses, resumes and removes a webhook; no secret is in the log', async () => {
    const { createWebhook: made } = await api.ask(CREATE, await inputOf(), admin);
    expect(made.secret).toMatch(/^whsec_/);
    expect(made.webhook).toEqual({ id: made.webhook.id, status: 'ACTIVE', areaId: keys.id('S1'), behind: 0 });
    const variables = { id: made.webhook.id };
    const rotate = 'mutation($id: ID!) { rotateWebhookSecret(id: $id) { secret oldEndsAt } }';
    const { rotateWebhookSecret: rotated } = await api.ask(rotate, variables, admin);
    const statusAfter = async (act: string) => {
      const answer = await api.ask(`mutation($id: ID!) { ${act}(id: $id) { status } }`, variables, admin);
      return answer[act].status;
    };
    expect(await statusAfter('pauseWebhook')).toBe('PAUSED');
    expect(await statusAfter('resumeWebhook')).toBe('ACTIVE');
    expect(await api.ask('mutation($id: ID!) { replayWebhook(id: $id) }', variables, admin)).toEqual({
      replayWebhook: 0,
    });
    const { webhooks } = await api.ask(LIST, {}, admin);
    expect(webhooks).toMatchObject({ totalCount: 1, edges: [{ node: { url: URL_HERE, secrets: [{}, {}] } }] });
    expect(await statusAfter('removeWebhook')).toBe('DISABLED');
    const logged = api.logged().join('\n');
    for (const text of [made.secret, rotated.secret, 't0p-s3cret']) expect(logged).not.toContain(text);
  });

  it('nobody else gets as far as the database', async () => {
    const codeOf = async (query: string, variables: object, headers: Record<string, string> = {}) =>
      (await api.askRaw(query, variables, headers)).errors?.[0].extensions.code;
    const input = await inputOf();
    expect(await codeOf(CREATE, input)).toBe('UNAUTHENTICATED');
    expect(await codeOf(LIST, {}, await api.as('officer', 'D1'))).toBe('FORBIDDEN');
    expect(await codeOf(CREATE, input, await api.as('auditor', 'D1'))).toBe('FORBIDDEN');
    expect(await codeOf(CREATE, input, await api.as('admin', 'D2'))).toBe('NOT_FOUND');
    expect(await codeOf(LIST, {}, await api.as('auditor', 'D1'))).toBeUndefined();
  });

  it('a fault names the field and the way out', async () => {
    const { errors } = await api.askRaw(CREATE, await inputOf({ url: 'https://169.254.169.254/latest' }), admin);
    expect(errors![0].extensions).toMatchObject({ code: 'BAD_INPUT', field: 'url' });
    expect(errors![0].message).toMatch(/public/);
  });
});
