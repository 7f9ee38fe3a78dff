import type { AddressFinder } from '../../../addresses/addressFinder.ts';
import { Address } from '../../../addresses/api/address.type.ts';
import { fromLattice } from '../../../geometry/lattice.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import { Layer } from '../../../grids/api/layer.type.ts';
import type { Atlas } from '../../../grids/atlas/atlas.ts';
import { byMainCode, historyOf, versionAt } from '../../../grids/atlas/rows.ts';
import type { Moment } from '../../../grids/moment.ts';
import type { MomentReader } from '../../../grids/momentReader.ts';
import { byShare } from '../../../grids/shareOrder.ts';
import { type Holding, HoldingReason, holdingsOf, Post } from '../../../posts/api/holding.type.ts';
import type { Body, Person } from '../../../posts/api/staff.type.ts';
import type { Directory } from '../../../posts/directory.ts';
import type { GridPost } from '../../../posts/gridPost.ts';
import type { PartyState, PushState, TaskState } from '../../course/state.ts';
import type { IncidentRecord } from '../../incident.type.ts';
import type { IncidentOwner, IncidentPush, SealedPart } from './incidentParts.type.ts';

export interface RegistrySources {
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly moments: MomentReader;
  readonly addresses: Pick<AddressFinder, 'findByIds'>;
}

/** Shows the grids, posts and staff that an incident names by their ids. */
export class RegistryViews {
  readonly #sources: RegistrySources;

  constructor(sources: RegistrySources) {
    this.#sources = sources;
  }

  /** As it was at the moment; of a grid that was not there then, as it was last known. */
  grid(id: string, moment: Moment = this.#now()): Grid | null {
    const entry = this.#sources.atlas.findGrid(id);
    const version = entry && (versionAt(entry, moment) ?? historyOf(entry, moment.edition).at(-1));
    return version ? new Grid(version, moment) : null;
  }

  /** Layer by layer; in a layer the largest share first, and of equal ones the lower code. */
  owners(parties: readonly PartyState[], { ownedAt, edition }: IncidentRecord): IncidentOwner[] {
    const day = { asOf: ownedAt.getTime(), edition };
    const byCode = byMainCode(edition);
    return parties
      .flatMap(({ gridId, reason, share }) => {
        const grid = reason === 'OWNER' ? this.grid(gridId, day) : null;
        return grid ? [{ grid, layer: new Layer(grid.version.grid.layer, edition), share }] : [];
      })
      .sort(
        ({ grid: { version: a }, share: shareOfA }, { grid: { version: b }, share: shareOfB }) =>
          a.grid.layer.id - b.grid.layer.id || byShare(shareOfA, shareOfB) || byCode(a, b),
      );
  }

  post(task: TaskState): Post {
    const now = this.#now();
    return new Post(this.#entry(task, now), this.grid(task.gridId, now));
  }

  /** Who holds the post of a task now, or where it begins later, as is known now, on that day. */
  holders(task: TaskState): readonly Holding[] {
    const now = this.#now();
    const starts = task.startsAt?.getTime() ?? now.asOf;
    const moment = { ...now, asOf: Math.max(starts, now.asOf) };
    const grid = this.grid(task.gridId, moment);
    return grid ? holdingsOf(this.#entry(task, moment), grid, HoldingReason.DIRECT) : [];
  }

  person(id: string | null): Person | null {
    return (id !== null && this.#sources.directory.findPerson(id, this.#now())) || null;
  }

  /** The same, as of the day of something, for one who has left since. */
  personAt(id: string | null, at: Date | null): Person | null {
    if (id === null) return null;
    const moment = { ...this.#now(), asOf: (at ?? new Date(this.#now().asOf)).getTime() };
    return this.#sources.directory.findPerson(id, moment) ?? null;
  }

  bodyAt(id: string | null, at: Date | null): Body | null {
    if (id === null || at === null) return null;
    return this.#sources.directory.findBody(id, { ...this.#now(), asOf: at.getTime() }) ?? null;
  }

  push({ fromGridId, toGridId, ...push }: PushState, incidentId: string): IncidentPush {
    return { ...push, incidentId, from: this.grid(fromGridId), to: this.grid(toGridId) };
  }

  async sealed({ place }: IncidentRecord, narrative: string | null): Promise<SealedPart> {
    const { x, y, accuracyMetres, area, addressId } = place;
    const [found] = addressId ? await this.#sources.addresses.findByIds([addressId], this.#now()) : [];
    const point = { lon: fromLattice(x), lat: fromLattice(y) };
    return { narrative, point, accuracyMetres, area, address: found ? new Address(found) : null };
  }

  #now(): Moment {
    return this.#sources.moments.read();
  }

  /** The post itself, or where it is no more, the one of its role where it was; else one that nobody holds. */
  #entry({ postId, role, gridId }: TaskState, moment: Moment): GridPost {
    const { directory, atlas } = this.#sources;
    const tierId = atlas.findGrid(gridId)?.tier.id;
    const onGrid = tierId === undefined ? [] : directory.holdingsOnGrid({ id: gridId, tierId }, moment);
    const known = directory.findPost(postId, moment) ?? onGrid.find((entry) => entry.role.code === role);
    const nobody = { role: directory.findRole(role, moment.edition)!, post: { id: postId, vacant: true }, holders: [] };
    return known ?? nobody;
  }
}
