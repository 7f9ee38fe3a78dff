import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { asSuperuser } from '../support/database.ts';
import type { Area, TwoAreas } from './twoAreas.ts';

type Headers = { authorization: string };

/** What the feeds of an area, and its webhooks, are asked about. */
export interface Followed {
  readonly gridId: string;
  readonly clientId: string;
  /** A webhook of the area, and one event of it that was given up. */
  readonly webhookId: string;
  readonly parkedId: string;
  /** Behind these at least one event of the area follows, so that a feed begins at once. */
  readonly cursors: Readonly<Record<FeedName, string>>;
}

type FeedName = 'incident' | 'boundary' | 'ownership';
const FEEDS: readonly FeedName[] = ['incident', 'boundary', 'ownership'];

/** What is nowhere, with the cursors of somewhere. */
export const unfollowed = ({ cursors }: Pick<Followed, 'cursors'>): Followed => ({
  ...{ gridId: randomUUID(), clientId: randomUUID(), webhookId: randomUUID(), parkedId: 'd2ViaG9va3BhcmtlZA' },
  cursors,
});

/** A public address, so that no name is looked up; nothing is ever sent there. */
const URL = 'https://93.184.216.34/wangge';
/** One that nothing is sent to, whatever a webhook says. */
const INSIDE = 'https://127.0.0.1/wangge';

interface Asked {
  readonly args: (followed: Followed) => string;
  /** What follows the arguments; names and ids are in the answer where there is anything. */
  readonly shown: string;
}

const byId = ({ webhookId }: Followed) => `id: "${webhookId}"`;
const page = (feed: FeedName) => ({
  args: ({ gridId, cursors }: Followed) => `within: "${gridId}", first: 1, after: "${cursors[feed]}"`,
  shown: '{ hasMore events { id } }',
});
const HOOK = '{ id status }';

/** Root fields about webhooks, and the feeds of incidents, which reach as far as the own area. */
export const FOLLOWED_FIELDS: Readonly<Record<string, Asked>> = {
  'Query.incidentEvents': page('incident'),
  'Subscription.incidentFeed': {
    args: ({ gridId, cursors }) => `within: "${gridId}", after: "${cursors.incident}"`,
    shown: '{ id cursor }',
  },
  'Query.webhooks': { args: ({ gridId }) => `within: "${gridId}"`, shown: '{ edges { node { id } } }' },
  'Query.webhook': { args: byId, shown: HOOK },
  'Query.webhookDeliveries': { args: byId, shown: '{ edges { node { id } } }' },
  'Query.webhookParkedEvents': { args: byId, shown: '{ edges { node { id } } }' },
  'Mutation.createWebhook': {
    args: ({ clientId, gridId }) => `input: { clientId: "${clientId}", within: "${gridId}", url: "${URL}" }`,
    shown: '{ webhook { id status } }',
  },
  'Mutation.moveWebhook': { args: (followed) => `${byId(followed)}, url: "${URL}/other"`, shown: HOOK },
  'Mutation.rotateWebhookSecret': { args: byId, shown: '{ webhook { id status } }' },
  'Mutation.pauseWebhook': { args: byId, shown: HOOK },
  'Mutation.resumeWebhook': { args: byId, shown: HOOK },
  'Mutation.removeWebhook': { args: byId, shown: HOOK },
  'Mutation.testWebhook': { args: byId, shown: '{ name: error }' },
  'Mutation.replayWebhook': { args: byId, shown: '' },
};

/** Feeds of what is public. */
export const PUBLIC_FEEDS: Readonly<Record<string, Asked['args']>> = {
  'Query.boundaryEvents': page('boundary').args,
  'Query.ownershipEvents': page('ownership').args,
  'Subscription.boundaryFeed': ({ gridId, cursors }) => `within: "${gridId}", after: "${cursors.boundary}"`,
  'Subscription.ownershipFeed': ({ gridId, cursors }) => `within: "${gridId}", after: "${cursors.ownership}"`,
};

/** The document of one of these root fields. Numbers stand under the name of an edition, so that they are found. */
export function documentOf(field: string, followed: Followed): string {
  const [kind, name] = field.split('.');
  const { args, shown } = FOLLOWED_FIELDS[field];
  return `${kind.toLowerCase()} { ${shown ? '' : 'edition: '}${name}(${args(followed)}) ${shown} }`;
}

/** Makes webhooks of an area, and shows what happened there to the feeds. */
export class Followings {
  readonly #world: TwoAreas;

  constructor(world: TwoAreas) {
    this.#world = world;
  }

  /** Numbers what happened so far. */
  async sequence(): Promise<void> {
    const { sequencer, memory } = this.#world.api.app.feed;
    while ((await sequencer.runOnce()) > 0);
    await memory.catchUp();
  }

  /** Cursors in front of the events of the area, and a webhook with a delivery and an event that was given up. */
  async make({ gridId, clientId }: Pick<Area, 'gridId' | 'clientId'>): Promise<Followed> {
    const admin = await this.#world.api.as('admin', gridId);
    const fields = FEEDS.map((feed) => `${feed}: ${feed}Events(within: "${gridId}", first: 0) { cursor hasMore }`);
    const pages = await this.#world.api.ask(`{ ${fields.join(' ')} }`, {}, admin);
    for (const feed of FEEDS) if (!pages[feed].hasMore) throw new Error(`No events of ${feed} in ${gridId}`);
    const cursors = { incident: '', boundary: '', ownership: '' };
    for (const feed of FEEDS) cursors[feed] = pages[feed].cursor;
    return { gridId, clientId, cursors, ...(await this.makeWebhook({ gridId, clientId }, admin)) };
  }

  async makeWebhook(
    { gridId, clientId }: Pick<Area, 'gridId' | 'clientId'>,
    admin: Headers,
  ): Promise<Pick<Followed, 'webhookId' | 'parkedId'>> {
    const input = `clientId: "${clientId}", within: "${gridId}", url: "${URL}"`;
    const { createWebhook } = await this.#world.api.ask(
      `mutation { createWebhook(input: { ${input} }) { webhook { id } } }`,
      {},
      admin,
    );
    const webhookId: string = createWebhook.webhook.id;
    await asSuperuser(this.#world.api.app.database.db, async (trx) => {
      // A ping must not leave this machine.
      await sql`update webhook_endpoint set url = ${INSIDE} where id = ${webhookId}::uuid`.execute(trx);
      await sql`insert into webhook_attempt (endpoint_id, event_id, attempt, at, milliseconds, error, outcome)
        values (${webhookId}::uuid, gen_random_uuid(), 1, now(), 1, 'TIMED_OUT', 'PING')`.execute(trx);
      await sql`insert into webhook_parked (endpoint_id, position, event_id, kind, area_ids, body, reason, attempts, parked_at)
        values (${webhookId}::uuid, 1, gen_random_uuid(), 'REPORTED', ${[gridId]}::uuid[], '{}', 'TIMED_OUT', 1, now())`.execute(
        trx,
      );
    });
    const parked = `{ webhookParkedEvents(id: "${webhookId}") { edges { node { id } } } }`;
    const { webhookParkedEvents } = await this.#world.api.ask(parked, {}, admin);
    return { webhookId, parkedId: webhookParkedEvents.edges[0].node.id };
  }
}
