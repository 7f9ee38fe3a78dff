import 'reflect-metadata';
import type { Role } from '../../src/access/rights.ts';
import { LocalIssuer } from '../../src/access/tokens/localIssuer.ts';
import { buildApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { drawGrid, placeAt } from '../grids/squareGrids.ts';
import type { Dice } from './dice.ts';

const LAYERS = [
  { code: 'gov', tiers: ['city', 'town', 'village'] },
  { code: 'police', tiers: ['station', 'beat'] },
] as const;
const SIDE = 4;

/** A grid as writers and readers need it. */
export interface Place {
  readonly id: string;
  readonly code: string;
}

/** A little city: its areas from the root to the leaves, and what owns each of its places. */
export interface Ground {
  readonly root: Place;
  readonly towns: readonly Place[];
  readonly villages: readonly Place[];
  readonly beats: readonly Place[];
  /** A token of somebody who may do everything with incidents everywhere. */
  readonly token: string;
  /** And of an administrator. */
  readonly adminToken: string;
}

/** Four towns of four villages each on a square of 4 by 4, and two beats across them. */
function draw() {
  const root = drawGrid('gov/city', 'C', [0, 0, SIDE, SIDE]);
  const towns = [0, 1, 2, 3].map((i) => {
    return drawGrid('gov/town', `T${i}`, [(i % 2) * 2, Math.floor(i / 2) * 2, 2, 2], { parent: root });
  });
  const villages = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    const parent = towns[Math.floor(column / 2) + 2 * Math.floor(row / 2)];
    return drawGrid('gov/village', `V${i}`, [column, row, 1, 1], { parent });
  });
  const station = drawGrid('police/station', 'S', [0, 0, SIDE, SIDE]);
  const beats = [0, 1].map((i) => drawGrid('police/beat', `B${i}`, [0, i * 2, SIDE, 2], { parent: station }));
  return { root, towns, villages, station, beats };
}

const placeOf = ({ id, codes }: GridDraft): Place => ({ id, code: codes[0].code });

/** Migrates the database that the settings name and publishes the little city there. */
export async function prepareGround(config: Config): Promise<Ground> {
  const app = await buildApp(await openDatabase(config), config);
  try {
    const { grids } = app.writers;
    const drawn = draw();
    await app.editions.publish('Ground', async (trx, edition) => {
      await grids.insertScheme(trx, edition, { code: 'local', name: 'local' });
      for (const { code, tiers } of LAYERS) {
        await grids.insertLayer(trx, edition, { code, name: code, kind: 'PARTITION' });
        for (const [i, tier] of tiers.entries()) {
          await grids.insertTier(trx, edition, { layer: code, code: tier, name: tier, rank: i + 1 });
        }
      }
      await grids.insertGrids(trx, edition, [
        drawn.root,
        ...drawn.towns,
        ...drawn.villages,
        drawn.station,
        ...drawn.beats,
      ]);
    });
    const issuer = new LocalIssuer(config.dataDir);
    const tokenOf = (role: Role) =>
      issuer.issue({ role, within: ['*'], subject: `chaos-${role}`, hours: 24 }, new Date());
    return {
      root: placeOf(drawn.root),
      towns: drawn.towns.map(placeOf),
      villages: drawn.villages.map(placeOf),
      beats: drawn.beats.map(placeOf),
      token: await tokenOf('dispatcher'),
      adminToken: await tokenOf('admin'),
    };
  } finally {
    await app.close();
  }
}

/** A place inside a village that is drawn by dice, and the village and beat that own it. */
export function anywhere(ground: Ground, dice: Dice) {
  const [column, row] = [dice.below(SIDE), dice.below(SIDE)];
  const inside = () => 0.1 + dice.next() * 0.8;
  return {
    point: { ...placeAt(column + inside(), row + inside()), accuracyMetres: 0 },
    owners: [ground.villages[row * SIDE + column], ground.beats[Math.floor(row / 2)]],
  };
}
