import type { MomentReader } from '../../grids/momentReader.ts';
import type { IncidentFile } from '../incident.type.ts';
import type { RoutedMatter } from '../routing/route.type.ts';
import { type MatterGround, matterOf } from './matterOf.ts';

/** Reads incidents as matters that are routed again, by their owners as they are by then. */
export class MatterReader {
  readonly #ground: MatterGround;
  readonly #moments: Pick<MomentReader, 'read'>;

  constructor(ground: MatterGround, moments: Pick<MomentReader, 'read'>) {
    this.#ground = ground;
    this.#moments = moments;
  }

  read(incident: IncidentFile, at: Date): RoutedMatter {
    return matterOf(incident, incident.place, this.#ground, this.#moments.read(at));
  }
}
