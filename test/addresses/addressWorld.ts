import { idOf } from '../../seeds/terrain/random.ts';
import type { AddressDraft } from '../../src/addresses/address.type.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { day, drawGrid, openPaper, placeAt, publishGrids } from '../grids/squareGrids.ts';
import { appoint, makePerson, makePost } from '../posts/postsFixture.ts';
import type { Answer, Api } from '../support/api.ts';

/** A town of two villages side by side, each with an officer of its own, and some addresses. */
export interface World {
  readonly api: Api;
  readonly grids: { readonly town: GridDraft; readonly west: GridDraft; readonly east: GridDraft };
  /** Publishes addresses at places on the squared paper, by their texts. */
  file(addresses: readonly Filed[]): Promise<number>;
  ownership(at: object, more?: object): Promise<Answer>;
}

export interface Filed extends Partial<AddressDraft> {
  readonly text: string;
  readonly on: readonly [column: number, row: number];
}

const TOWN = '万格市平安县东湖镇';
/** Column of the border between the villages. */
export const BORDER = 5;

export const ADDRESSES: readonly Filed[] = [
  { text: `${TOWN}红旗社区中山路12号`, on: [2, 2] },
  { text: `${TOWN}红旗社区中山路12号幸福小区3号楼1单元101室`, on: [2.1, 2.1], aliases: ['老供销社大院3号楼101'] },
  { text: `${TOWN}红旗社区人民路5号`, on: [3, 3] },
  { text: `${TOWN}前进村人民路5号`, on: [7, 3] },
  { text: `${TOWN}红旗社区学院路9号1号楼`, on: [3, 6] },
  { text: `${TOWN}红旗社区学院路9号2号楼`, on: [3.2, 6] },
  { text: `${TOWN}前进村4组18号`, on: [8, 8] },
  { text: `${TOWN}红旗社区沿河街1~30号`, on: [4.9, 5], aliases: ['沿河菜场'] },
  { text: '万格市远山县西山镇松林路1号', on: [50, 50] },
];

export async function openWorld(): Promise<World> {
  const layer = { code: 'gov', kind: 'PARTITION', tiers: ['town', 'village'] } as const;
  const api = await openPaper([layer, { code: 'patrol', kind: 'PARTITION', tiers: ['zone'] }]);
  const town = drawGrid('gov/town', 'T', [0, 0, 10, 10], { name: '东湖镇' });
  const west = drawGrid('gov/village', 'W', [0, 0, BORDER, 10], { parent: town, name: '红旗社区' });
  const east = drawGrid('gov/village', 'E', [BORDER, 0, 10 - BORDER, 10], { parent: town, name: '前进村' });
  const zones = [drawGrid('patrol/zone', 'P1', [0, 0, 10, 4]), drawGrid('patrol/zone', 'P2', [0, 4, 10, 6])];
  await publishGrids(api, [town, west, east, ...zones]);
  await staff(api, [town, west, east]);
  const world: World = {
    api,
    grids: { town, west, east },
    async file(addresses) {
      const { editions, writers } = api.app;
      const drafts = addresses.map(toDraft);
      const publish = () =>
        editions.publish('Addresses', (trx, edition) => writers.addresses.insertAddresses(trx, edition, drafts));
      return (await publish()).edition;
    },
    async ownership(at, more = {}) {
      return (await api.ask(OWNERSHIP, { at, ...more })).ownership;
    },
  };
  await world.file(ADDRESSES);
  return world;
}

const OWNERSHIP = `query ($at: PlaceInput!, $asOf: DateTime, $edition: Int) {
  ownership(at: $at, asOf: $asOf, edition: $edition) {
    edition validUntil
    place { point { lon lat } accuracyMetres confidence address { id text } candidates { score address { id text } } }
    layers { layer { code } status grid { name } chain { name } }
    officer { holder { ... on Person { name } } } notices { code message } } }`;

export function toDraft({ text, on, ...more }: Filed): AddressDraft {
  const rest = { aliases: [], buildingId: null, validFrom: day('2020-01-01'), validTo: null };
  return { id: idOf(text), text, point: placeAt(...on), ...rest, ...more };
}

async function staff(api: Api, grids: readonly GridDraft[]): Promise<void> {
  const { editions, writers } = api.app;
  await editions.publish('Staff', async (trx, edition) => {
    const tiers = ['town', 'village'].map((tier) => ({ layer: 'gov', tier, required: false }));
    const role = {
      code: 'officer',
      name: 'Officer',
      answersAs: 'officer' as const,
      position: 1,
      categories: [],
      tiers,
    };
    await writers.posts.insertRoles(trx, edition, [role]);
    const people = grids.map(({ name }) => makePerson(`民警${name}`));
    const posts = grids.map(({ id }) => makePost('officer', id));
    await writers.posts.insertPeople(trx, edition, people);
    await writers.posts.insertPosts(trx, edition, posts);
    await writers.posts.insertAppointments(
      trx,
      edition,
      posts.map((post, i) => appoint(post, people[i])),
    );
  });
}
