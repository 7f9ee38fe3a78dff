import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../../src/access/rights.ts';
import { type Answer, type Api, openApi, type RawAnswer } from '../../support/api.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../../support/database.ts';

export const NOW = new Date('2026-06-01T04:00:00Z');
export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];
/** City C; districts D1 and D2; villages V1 to V4 in D1, W1 to W4 in D2. */
const TREE: Readonly<Record<string, string | null>> = {
  ...{ C: null, D1: 'C', D2: 'C', V1: 'D1', V2: 'D1', V3: 'D1', V4: 'D1' },
  ...{ W1: 'D2', W2: 'D2', W3: 'D2', W4: 'D2' },
};
const TIERS = ['city', 'district', 'village'];

const HOLDER = '__typename ... on Person { id name officePhone body { id } languages } ... on Body { id name }';
export const RESULT = `edition asOf appointmentId
  post { id vacant role { code } grid { id } }
  holding { appointmentId rank homeUnit { id name } holder { ${HOLDER} } }
  person { id name officePhone languages body { id } } body { id name officePhone languages }`;

const GUARDS = '$expectedEdition: Int, $clientKey: String';
const GUARD = 'expectedEdition: $expectedEdition, clientKey: $clientKey';
const act = (name: string, variables: string, values: string) =>
  `mutation (${variables}, ${GUARDS}) { ${name}(${values}, ${GUARD}) { ${RESULT} } }`;

/** Every mutation on staff, by its name. */
export const ACTS: Readonly<Record<string, string>> = {
  appoint: act('appoint', '$input: AppointInput!', 'input: $input'),
  reinforce: act('reinforce', '$input: ReinforceInput!', 'input: $input'),
  endAppointment: act('endAppointment', '$id: ID!, $at: DateTime!', 'appointmentId: $id, at: $at'),
  transferAppointment: act(
    'transferAppointment',
    '$id: ID!, $to: ID!, $at: DateTime!',
    'appointmentId: $id, toPostId: $to, at: $at',
  ),
  revisePerson: act(
    'revisePerson',
    '$id: ID!, $from: DateTime!, $set: PersonChangesInput!',
    'personId: $id, from: $from, set: $set',
  ),
  reviseBody: act(
    'reviseBody',
    '$id: ID!, $from: DateTime!, $set: BodyChangesInput!',
    'bodyId: $id, from: $from, set: $set',
  ),
  makePost: act(
    'makePost',
    '$role: String!, $grid: ID!, $from: DateTime!',
    'roleCode: $role, gridId: $grid, from: $from',
  ),
  endPost: act('endPost', '$id: ID!, $at: DateTime!', 'postId: $id, at: $at'),
};

type Headers = Record<string, string>;

/** The house over a small drawn tree with roles and three bodies, asked as clients ask it. */
export class StaffingWorld {
  readonly api: Api;
  readonly #tree: Readonly<Record<string, string | null>>;
  readonly ids: ReadonlyMap<string, string>;
  readonly station = randomUUID();
  readonly hall = randomUUID();
  readonly court = randomUUID();
  #now = NOW;

  private constructor(api: Api, more: number) {
    this.api = api;
    const villages = Array.from({ length: more }, (_, i) => [`X${i}`, 'D1'] as const);
    this.#tree = { ...TREE, ...Object.fromEntries(villages) };
    this.ids = new Map(Object.keys(this.#tree).map((code) => [code, randomUUID()]));
  }

  /** With `more` villages in D1 than it has, X0, X1 and so on. */
  static async open(more = 0): Promise<StaffingWorld> {
    await emptyTables((await openTestDatabase()).db);
    let world: StaffingWorld | undefined;
    world = new StaffingWorld(await openApi({ clock: () => world?.now ?? NOW }), more);
    await world.#draw();
    return world;
  }

  get now(): Date {
    return this.#now;
  }

  set now(now: Date) {
    this.#now = now;
  }

  id(code: string): string {
    return this.ids.get(code)!;
  }

  as(role: Role, ...codes: string[]): Promise<Headers> {
    return this.api.as(role, ...codes.map((code) => (code === '*' ? '*' : this.id(code))));
  }

  /** What an act led to. Throws where it was refused. */
  async do(headers: Headers, name: string, variables: object): Promise<Answer> {
    return (await this.api.ask(ACTS[name], variables, headers))[name];
  }

  /** The code and message with which an act is refused; the edition is left as it was. */
  async refusal(headers: Headers, name: string, variables: object): Promise<string> {
    const before = this.api.app.editions.latest;
    const { errors = [] } = await this.api.askRaw(ACTS[name], variables, headers);
    await this.api.app.editions.catchUp();
    if (this.api.app.editions.latest !== before) throw new Error('An edition was published');
    return errors.map(({ message, extensions }) => `${extensions.code} ${message}`).join('; ');
  }

  raw(headers: Headers, name: string, variables: object): Promise<RawAnswer> {
    return this.api.askRaw(ACTS[name], variables, headers);
  }

  /** "name RANK" of each holder of a role on a grid, best first; "vacant" and "none" too. */
  async who(code: string, role: string, asOf: Date, edition?: number): Promise<string> {
    const query = `query ($id: ID!, $role: String!, $asOf: DateTime, $edition: Int) {
      grid(id: $id, asOf: $asOf, edition: $edition) {
        holdings(role: $role) { rank holder { ... on Person { name } ... on Body { name } } } } }`;
    const { grid } = await this.api.ask(query, { id: this.id(code), role, asOf, edition });
    const said = grid.holdings.map(({ holder, rank }: Answer) => (holder ? `${holder.name} ${rank}` : 'vacant'));
    return said.join(', ') || 'none';
  }

  /** What the audit holds of acts on staff, oldest first, whoever may see it. */
  audited() {
    return asSuperuser(this.api.app.database.db, async (trx) => {
      const { rows } = await sql<Record<string, unknown>>`
        select subject, action, object_kind, object_id, grid_id, result, details from audit_entry
        where action like 'staff.%' order by seq`.execute(trx);
      return rows;
    });
  }

  async #draw(): Promise<void> {
    const { editions, writers } = this.api.app;
    const depthOf = (code: string): number => (this.#tree[code] === null ? 0 : depthOf(this.#tree[code]!) + 1);
    const dates = { validFrom: day('2020-01-01'), validTo: null };
    await editions.publish('Tree', async (trx, edition) => {
      await writers.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
      await writers.grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'OVERLAY' });
      for (const [rank, code] of TIERS.entries()) {
        await writers.grids.insertTier(trx, edition, { layer: 'gov', code, name: code, rank: rank + 1 });
      }
      const grids = Object.entries(this.#tree).map(([code, parent]) => ({
        id: this.id(code),
        layer: 'gov',
        tier: TIERS[depthOf(code)],
        codes: [{ scheme: 'local', code }],
        ...{ name: `Grid ${code}`, kind: 'BASIC', managerId: null, boundary: SQUARE, loads: [] },
        ...dates,
        parentId: parent === null ? null : this.id(parent),
      }));
      await writers.grids.insertGrids(trx, edition, grids);
      const role = (code: string, position: number, answersAs: 'officer' | null, required: boolean) => ({
        ...{ code, name: `The ${code}`, answersAs, position, categories: [] },
        tiers: [{ layer: 'gov', tier: 'village', required }],
      });
      const leader = { ...role('leader', 4, null, false), tiers: [{ layer: 'gov', tier: 'district', required: true }] };
      const roles = [role('officer', 1, 'officer', true), role('worker', 2, null, false), leader];
      await writers.posts.insertRoles(trx, edition, roles);
      const body = (id: string, name: string) => ({
        id,
        name,
        kind: 'STATION',
        officePhone: null,
        languages: [],
        categories: [],
        ...dates,
      });
      await writers.posts.insertBodies(trx, edition, [
        body(this.station, 'Station'),
        body(this.hall, 'Hall'),
        body(this.court, 'Court'),
      ]);
    });
  }
}
