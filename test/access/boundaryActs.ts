import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/access/rights.ts';
import { placeIn } from '../scenarios/demoTown.ts';
import { NOW } from '../support/api.ts';
import type { Area, TwoAreas } from './twoAreas.ts';

type Headers = Record<string, string>;

/** A changeset, and a report, that a question is about. */
export interface Drawn {
  readonly id: string;
  readonly revision: number;
  readonly issueId: string;
  readonly reportId: string;
  readonly gridId: string;
}

/** What is nowhere. */
export const undrawn = (): Drawn => ({
  ...{ id: randomUUID(), revision: 1, issueId: randomUUID(), reportId: randomUUID(), gridId: randomUUID() },
});

const revised = ({ id, revision }: Pick<Drawn, 'id' | 'revision'>) => `id: "${id}", expectedRevision: ${revision}`;

/** How far a changeset must have come for the act, and who opened it: the one who acts, or somebody else. */
type State = 'EMPTY' | 'DRAWN' | 'UNDONE' | 'WARNED' | 'SUBMITTED' | 'APPROVED';
const OWN: Readonly<Record<string, State>> = {
  applyToChangeset: 'EMPTY',
  importIntoChangeset: 'EMPTY',
  undoInChangeset: 'DRAWN',
  redoInChangeset: 'UNDONE',
  waiveIssue: 'WARNED',
  rebaseChangeset: 'DRAWN',
  submitChangeset: 'DRAWN',
  reopenChangeset: 'SUBMITTED',
  discardChangeset: 'DRAWN',
  publishChangeset: 'APPROVED',
};
const OTHERS: Readonly<Record<string, State>> = { approveChangeset: 'SUBMITTED' };

/** A file with one feature that nobody knows: it is compared, and its row refused. */
const STRANGER = JSON.stringify({
  type: 'Feature',
  properties: {},
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  },
});

/** Arguments of each root field about one changeset or report, as GraphQL text. */
export const DRAWN_FIELDS: Readonly<Record<string, (drawn: Drawn) => string>> = {
  'Query.changeset': ({ id }) => `id: "${id}"`,
  ...Object.fromEntries(
    ['undoInChangeset', 'redoInChangeset', 'rebaseChangeset', 'submitChangeset'].map((name) => [
      `Mutation.${name}`,
      revised,
    ]),
  ),
  'Mutation.applyToChangeset': (drawn) =>
    `${revised(drawn)}, ops: [{ rename: { grid: "${drawn.gridId}", name: "X" } }]`,
  'Mutation.importIntoChangeset': (drawn) => `${revised(drawn)}, file: { text: ${JSON.stringify(STRANGER)} }`,
  'Mutation.waiveIssue': (drawn) => `${revised(drawn)}, issueId: "${drawn.issueId}", reason: "As decided."`,
  ...Object.fromEntries(
    ['reopenChangeset', 'approveChangeset', 'publishChangeset', 'discardChangeset'].map((name) => [
      `Mutation.${name}`,
      ({ id }: Drawn) => `id: "${id}"`,
    ]),
  ),
  'Mutation.answerDiscrepancy': ({ reportId }) =>
    `id: "${reportId}", outcome: WILL_FIX, answer: "It will be looked at."`,
};

/** Root fields that take the right somewhere and are about no grid yet: a new draft is its author's own. */
export const BEGINNINGS: Readonly<Record<string, string>> = {
  'Mutation.openChangeset': 'title: "Matrix"',
  'Mutation.revertEdition': 'edition: 999999',
};

const SHOWN = '{ id revision issues { id severity } }';

/** Makes changesets and reports in an area, in the state that a field needs. */
export class Drawings {
  readonly #world: TwoAreas;

  constructor(world: TwoAreas) {
    this.#world = world;
  }

  /** Something of the area for `field`; opened by `asker`, where the act is for its author only, else by somebody else. */
  async make(field: string, area: Area, asker?: Role): Promise<Drawn> {
    const name = field.slice('Mutation.'.length);
    const state = OWN[name] ?? OTHERS[name] ?? 'DRAWN';
    const author = asker && OWN[name] ? await this.#world.headersOf(asker) : await this.#somebody('author', area);
    const drawn = await this.#draw(state, area, author);
    return { ...drawn, reportId: await this.#report(area), gridId: area.gridId };
  }

  async #somebody(subject: string, area: Area): Promise<Headers> {
    const issuer = this.#world.api.app.localIssuer!;
    const token = await issuer.issue({ role: 'gis_editor', within: [area.gridId], subject, hours: 1 }, NOW);
    return { authorization: `Bearer ${token}` };
  }

  async #act(by: Headers, name: string, args: string): Promise<{ id: string; revision: number; issues: Issue[] }> {
    return (await this.#world.api.ask(`mutation { ${name}(${args}) ${SHOWN} }`, {}, by))[name];
  }

  async #draw(state: State, area: Area, author: Headers): Promise<Omit<Drawn, 'reportId' | 'gridId'>> {
    let { id, revision } = await this.#act(author, 'openChangeset', 'title: "Drawing"');
    let issueId = randomUUID() as string;
    const step = async (name: string, more = '', by = author) => {
      const done = await this.#act(by, name, `${revised({ id, revision })}${more}`);
      revision = done.revision;
      return done;
    };
    if (state !== 'EMPTY') {
      const done = await step('applyToChangeset', `, ops: [${this.#opsIn(area, state)}]`);
      if (state === 'WARNED') issueId = done.issues.find(({ severity }) => severity === 'WARNING')!.id;
    }
    if (state === 'UNDONE') await step('undoInChangeset');
    if (state === 'SUBMITTED' || state === 'APPROVED') await step('submitChangeset');
    if (state === 'APPROVED') {
      const done = await this.#act(await this.#somebody('reviewer', area), 'approveChangeset', `id: "${id}"`);
      revision = done.revision;
    }
    return { id, revision, issueId };
  }

  /** A harmless change of the area's own grid; or a new grid there, which has none of the people it must have. */
  #opsIn(area: Area, state: State): string {
    const name = `Town ${randomUUID()}`;
    if (state !== 'WARNED') return `{ rename: { grid: "${area.gridId}", name: "${name}" } }`;
    const { lon, lat } = this.#placeIn(area);
    const corners = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
      [-1, -1],
    ];
    const ring = corners.map(([x, y]) => `[${(lon + x * 2e-4).toFixed(7)}, ${(lat + y * 2e-4).toFixed(7)}]`);
    const boundary = `{ type: "Polygon", coordinates: [[${ring.join(', ')}]] }`;
    return `{ create: { layer: "governance", tier: "grid", code: "${randomUUID()}", name: "${name}", boundary: ${boundary} } }`;
  }

  async #report(area: Area): Promise<string> {
    const { lon, lat } = this.#placeIn(area);
    const input = `kind: WRONG_OWNER, at: { lon: ${lon}, lat: ${lat} }, layer: "governance"`;
    return (await this.#world.api.ask(`mutation { reportDiscrepancy(input: { ${input} }) { id } }`)).reportDiscrepancy
      .id;
  }

  #placeIn({ gridIds }: Area) {
    const grid = this.#world.town.plan.grids.find(({ id, tier }) => tier === 'grid' && gridIds.has(id))!;
    return placeIn(grid.boundary).point;
  }
}

interface Issue {
  readonly id: string;
  readonly severity: string;
}
