import { sql } from 'kysely';
import { idOf, type Random } from '../../seeds/terrain/random.ts';
import type { App } from '../../src/app.ts';
import { dissolve } from '../../src/geometry/coverage.ts';
import {
  childrenOf,
  type GridEntry,
  isKnown,
  mainCode,
  type VersionEntry,
  versionAt,
} from '../../src/grids/atlas/rows.ts';
import type { WriteEdition } from '../../src/grids/edition.service.ts';
import { FOREVER } from '../../src/grids/moment.ts';

type Write = WriteEdition<unknown>;

const EARLIEST = Date.parse('2020-06-01T00:00:00Z');
const LATEST = Date.parse('2036-01-01T00:00:00Z');

/**
 * Publishes editions of every kind there is, one after the other: names, managers, borders, merged grids, codes, staff,
 * phones, bodies, a new layer, a new tier, new seats of a role, gaps. They begin in the past and in the future.
 */
export class LaterEditions {
  readonly #app: App;
  readonly #random: Random;

  constructor(app: App, random: Random) {
    this.#app = app;
    this.#random = random;
  }

  async publish(count: number): Promise<void> {
    const kinds: readonly [string, () => Write][] = [
      ['names', () => this.#rename()],
      ['managers', () => this.#hand()],
      ['a border', () => this.#moveMicro()],
      ['phones', () => this.#callElsewhere()],
      ['leavers', () => this.#relieve()],
      ['joiners', () => this.#appoint()],
      ['a merger', () => this.#merge()],
      ['codes', () => this.#recode()],
      ['a layer', () => this.#addLayer()],
      ['a tier', () => this.#addTier()],
      ['gaps', () => this.#endGaps()],
      ['bodies', () => this.#renameBodies()],
    ];
    for (let i = 0; i < count; i++) {
      const [title, prepare] = kinds[i % kinds.length];
      await this.#app.editions.publish(`Later: ${title}`, prepare());
    }
  }

  get #edition(): number {
    return this.#app.editions.latest;
  }

  #instant(): Date {
    return new Date(EARLIEST + this.#random.below(LATEST - EARLIEST));
  }

  /** Some of them, each once. */
  #some<T>(list: Iterable<T>, count: number): T[] {
    return this.#random.shuffled([...list]).slice(0, count);
  }

  /** Grids with one version that holds from the instant on and for ever, so that a change needs no second date. */
  #isSteady(grid: GridEntry, from: number): boolean {
    const later = grid.versions.filter((version) => isKnown(version, this.#edition) && version.validTo > from);
    return later.length === 1 && later[0].validFrom <= from && later[0].validTo === FOREVER;
  }

  #steadyGrids(from: Date, where: (grid: GridEntry) => boolean): GridEntry[] {
    return [...this.#app.atlas.grids].filter((grid) => where(grid) && this.#isSteady(grid, from.getTime()));
  }

  #rename(): Write {
    const from = this.#instant();
    const upper = this.#steadyGrids(from, (grid) => grid.tier.rank <= 3);
    const grids = [
      ...this.#some(upper, 6),
      ...this.#some(
        this.#steadyGrids(from, ({ tier }) => tier.rank > 3),
        40,
      ),
    ];
    const named = grids.map((grid, i) => ({ gridId: grid.id, from, set: { name: `新${i}${this.#edition}` } }));
    return (trx, edition) => this.#app.writers.grids.reviseGrids(trx, edition, named);
  }

  #hand(): Write {
    const from = this.#instant();
    const bodies = this.#app.directory.knownIn(this.#edition).bodies.filter((row) => row.validTo === FOREVER);
    const grids = this.#some(
      this.#steadyGrids(from, (grid) => grid.tier.rank <= 4),
      12,
    );
    const handed = grids.map((grid) => ({
      gridId: grid.id,
      from,
      set: { managerId: this.#random.pick(bodies).value.id },
    }));
    return (trx, edition) => this.#app.writers.grids.reviseGrids(trx, edition, handed);
  }

  /** A grid of the tier `grid` with steady children, of which one may be given away. */
  #divided(from: Date): { parent: GridEntry; children: VersionEntry[] }[] {
    const moment = { asOf: from.getTime(), edition: this.#edition };
    return this.#steadyGrids(from, (grid) => grid.layer.code === 'governance' && grid.tier.code === 'grid')
      .map((parent) => ({ parent, children: childrenOf(parent, moment) }))
      .filter(
        ({ children }) => children.length > 2 && children.every((child) => this.#isSteady(child.grid, from.getTime())),
      );
  }

  #moveMicro(): Write {
    const from = this.#instant();
    const moment = { asOf: from.getTime(), edition: this.#edition };
    const divided = this.#random.shuffled(this.#divided(from));
    const villageOf = (grid: GridEntry) => versionAt(grid, moment)!.parent;
    for (const giver of divided) {
      const taker = divided.find((each) => each !== giver && villageOf(each.parent) === villageOf(giver.parent));
      if (!taker) continue;
      const [micro, ...left] = giver.children;
      const redraw = (parent: GridEntry, children: VersionEntry[]) => ({
        gridId: parent.id,
        from,
        set: { boundary: dissolve(children.map((child) => child.shape)) },
      });
      const changes = [
        redraw(giver.parent, left),
        redraw(taker.parent, [...taker.children, micro]),
        { gridId: micro.grid.id, from, set: { parentId: taker.parent.id } },
      ];
      return (trx, edition) => this.#app.writers.grids.reviseGrids(trx, edition, changes);
    }
    throw new Error('No micro-grid can be moved');
  }

  #merge(): Write {
    const from = this.#instant();
    const pairs = this.#some(this.#divided(from), 5).map(({ children: [kept, gone] }) => ({ kept, gone }));
    const grown = pairs.map(({ kept, gone }) => ({
      gridId: kept.grid.id,
      from,
      set: { boundary: dissolve([kept.shape, gone.shape]) },
    }));
    return async (trx, edition) => {
      const gone = pairs.map((pair) => pair.gone.grid.id);
      await this.#app.writers.grids.retireGrids(trx, edition, gone, from);
      await this.#app.writers.grids.reviseGrids(trx, edition, grown);
    };
  }

  #recode(): Write {
    const before = this.#edition;
    const grids = this.#some(this.#app.atlas.grids, 60).filter((grid) => mainCode(grid, before) !== grid.id);
    return async (trx, edition) => {
      for (const grid of grids) {
        await sql`with closed as (
            update grid_code set edition_to = ${edition}::int where grid_id = ${grid.id} and main and edition_to is null
            returning scheme_id)
          insert into grid_code (grid_id, scheme_id, code, main, edition_from)
          select ${grid.id}::uuid, scheme_id, ${`R${edition}-${grid.id}`}, true, ${edition}::int from closed`.execute(
          trx,
        );
      }
    };
  }

  #addLayer(): Write {
    const validFrom = this.#instant();
    const moment = { asOf: validFrom.getTime(), edition: this.#edition };
    const layer = `fire${this.#edition}`;
    const counties = [...this.#app.atlas.grids].filter((grid) => grid.tier.code === 'county');
    const drafts = counties.map((county) => ({
      id: idOf(`${layer} ${county.id}`),
      layer,
      tier: 'brigade',
      codes: [{ scheme: layer, code: `F-${county.id}` }],
      name: `消防 ${mainCode(county, moment.edition)}`,
      kind: 'BASIC',
      parentId: null,
      managerId: null,
      boundary: versionAt(county, moment)!.shape,
      loads: [],
      validFrom,
      validTo: null,
    }));
    return async (trx, edition) => {
      const { grids, posts } = this.#app.writers;
      await grids.insertScheme(trx, edition, { code: layer, name: layer });
      await grids.insertLayer(trx, edition, { code: layer, name: layer, kind: 'PARTITION' });
      await grids.insertTier(trx, edition, { layer, code: 'brigade', name: '大队', rank: 1, scheme: layer });
      await grids.insertGrids(trx, edition, drafts);
      await posts.insertRoleTiers(trx, edition, 'leader', [{ layer, tier: 'brigade', required: true }]);
    };
  }

  /** Below the lowest tier of the police: one cell for the whole of some beats. */
  #addTier(): Write {
    const validFrom = this.#instant();
    const tier = `cell${this.#edition}`;
    const rank = this.#app.atlas.findLayer('police')!.tiers.at(-1)!.rank + 1;
    const beats = this.#some(
      this.#steadyGrids(validFrom, (grid) => grid.tier.code === 'beat'),
      30,
    );
    const drafts = beats.map((beat) => ({
      id: idOf(`${tier} ${beat.id}`),
      layer: 'police',
      tier,
      codes: [{ scheme: 'local', code: `${tier}-${beat.id}` }],
      name: `${tier}`,
      kind: 'BASIC',
      parentId: beat.id,
      managerId: null,
      boundary: versionAt(beat, { asOf: validFrom.getTime(), edition: this.#edition })!.shape,
      loads: [],
      validFrom,
      validTo: null,
    }));
    const free = drafts.filter((draft) => !this.#app.atlas.findGrid(draft.parentId)!.childVersions.length);
    return async (trx, edition) => {
      const { grids, posts } = this.#app.writers;
      await grids.insertTier(trx, edition, { layer: 'police', code: tier, name: tier, rank });
      await grids.insertGrids(trx, edition, free);
      await posts.insertRoleTiers(trx, edition, 'community_officer', [{ layer: 'police', tier, required: true }]);
    };
  }

  #endGaps(): Write {
    const from = this.#instant();
    return async (trx, edition) => {
      const { rows } = await sql<{ id: number }>`select id from gap
        where edition_to is null and upper(valid) is null and lower(valid) < ${from} order by id limit 1`.execute(trx);
      await this.#app.writers.grids.endGaps(
        trx,
        edition,
        rows.map((row) => row.id),
        from,
      );
    };
  }

  #relieve(): Write {
    const at = this.#instant();
    const { appointments } = this.#app.directory.knownIn(this.#edition);
    const ids = this.#some(
      appointments.filter((row) => row.validTo > at.getTime()),
      60,
    ).map((row) => row.value.id);
    return (trx, edition) => this.#app.writers.posts.endAppointments(trx, edition, [...new Set(ids)], at);
  }

  #appoint(): Write {
    const { posts, people } = this.#app.directory.knownIn(this.#edition);
    const drafts = this.#some(posts, 60).map(({ value: { id: postId } }) => ({
      id: idOf(`appointment ${this.#edition} ${postId}`),
      postId,
      holder: { personId: this.#random.pick(people).value.id },
      rank: this.#random.pick(['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'] as const),
      validFrom: this.#instant(),
      validTo: null,
    }));
    return (trx, edition) => this.#app.writers.posts.insertAppointments(trx, edition, drafts);
  }

  #callElsewhere(): Write {
    const from = this.#instant();
    const people = this.#app.directory.knownIn(this.#edition).people.filter((row) => row.validTo > from.getTime());
    const ids = new Set(this.#some(people, 120).map((row) => row.value.id));
    const revisions = [...ids].map((id, i) => ({ id, from, set: { officePhone: `0859-0${this.#edition}${i}` } }));
    return (trx, edition) => this.#app.writers.posts.revisePeople(trx, edition, revisions);
  }

  #renameBodies(): Write {
    const from = this.#instant();
    const bodies = this.#app.directory.knownIn(this.#edition).bodies.filter((row) => row.validTo > from.getTime());
    const ids = new Set(this.#some(bodies, 20).map((row) => row.value.id));
    const revisions = [...ids].map((id, i) => ({
      id,
      from,
      set: { name: `改名${this.#edition}-${i}`, languages: ['pcc'] },
    }));
    return (trx, edition) => this.#app.writers.posts.reviseBodies(trx, edition, revisions);
  }
}
