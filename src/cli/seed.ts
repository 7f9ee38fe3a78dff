import { buildCity } from '../../seeds/city.ts';
import { reportIncidents } from '../../seeds/incidents.ts';
import { loadCity } from '../../seeds/load.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import type { Progress } from './terminal/progress.ts';

export type CitySize = 'town' | 'city';

/** Fills an empty registry with the demo city. Throws CONFLICT where something is published already. */
export async function seedCity(app: App, size: CitySize, progress: Progress): Promise<void> {
  const { latest } = app.editions;
  if (latest > 0) {
    const message = `The registry already holds ${latest} editions, and they are kept for ever. Seed another database: set DATA_DIR or DATABASE_URL.`;
    throw new DomainError('CONFLICT', message, { editions: latest });
  }
  progress('Drawing the demo city');
  const plan = buildCity(size);
  await loadCity({ editions: app.editions, ...app.writers }, plan, progress);
  const by = { viewer: app.operator, requestId: 'seed', log: app.log };
  await reportIncidents(app.incidents.reports, plan, by);
}
