import { type AreaTree, isWithin } from '../../access/areaTree.ts';
import type { Viewer } from '../../access/viewer.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Directory } from '../../posts/directory.ts';
import type { GridPost, HolderEntry } from '../../posts/gridPost.ts';
import type { CourseActor } from '../course/command.ts';
import type { Recipient } from '../course/state.ts';

/** As whom somebody acts on a task: as the one whose post it is, or on behalf, for the desk of the area. */
export type Standing = 'HOLDER' | 'DESK';

type Addressed = Pick<Recipient, 'postId' | 'role' | 'gridId'>;

export interface HandsSources {
  readonly directory: Pick<Directory, 'findPost' | 'postsOn' | 'findPerson'>;
  readonly moments: Pick<MomentReader, 'read'>;
  readonly tree: AreaTree;
}

const LONGEST_SUBJECT = 300;

/** The name of a login as it is written down everywhere here. */
export const subjectOf = ({ subject }: Viewer) => subject.slice(0, LONGEST_SUBJECT);

/** In whose hands a task lies: judged by who holds its post now, not by who held it when it was issued. */
export class Hands {
  readonly #sources: HandsSources;

  constructor(sources: HandsSources) {
    this.#sources = sources;
  }

  /** `present`: where the grid of the task has ended, those in which it went on. */
  mayAct(viewer: Viewer, task: Addressed, present: readonly string[] = [task.gridId]): Standing | undefined {
    const moment = this.#sources.moments.read();
    if (this.#holdings(viewer, task, present, moment).length > 0) return 'HOLDER';
    const desks = viewer.grants.filter(({ role }) => role === 'dispatcher');
    const isDesk = desks.some(({ areas }) => present.some((id) => isWithin(this.#sources.tree, areas, id)));
    return isDesk ? 'DESK' : undefined;
  }

  /** Who the viewer is to the course of an incident; for a task with the unit that he or she comes from there. */
  actorOf(viewer: Viewer, task?: Addressed, present?: readonly string[]): CourseActor {
    const moment = this.#sources.moments.read();
    const person =
      viewer.staffId === undefined ? undefined : this.#sources.directory.findPerson(viewer.staffId, moment);
    const [holding] = task ? this.#holdings(viewer, task, present ?? [task.gridId], moment) : [];
    const unit = holding?.homeUnit ?? (holding && 'kind' in holding.holder ? holding.holder : person?.body);
    return { subject: subjectOf(viewer), staffId: person?.id ?? null, bodyId: unit?.id ?? null };
  }

  /** By what the viewer holds the post of the task now: as a person, or in a body. */
  #holdings({ staffId }: Viewer, task: Addressed, present: readonly string[], moment: Moment): readonly HolderEntry[] {
    if (staffId === undefined) return [];
    const unit = this.#sources.directory.findPerson(staffId, moment)?.body?.id;
    return this.#posts(task, present, moment)
      .flatMap(({ holders }) => holders)
      .filter(({ holder }) => holder.id === staffId || holder.id === unit);
  }

  /** The post itself, or where it is no more, those of its role where it was. */
  #posts({ postId, role, gridId }: Addressed, present: readonly string[], moment: Moment): readonly GridPost[] {
    const { directory } = this.#sources;
    const post = directory.findPost(postId, moment);
    if (post) return [post];
    const gridIds = present.length > 0 ? present : [gridId];
    return gridIds.flatMap((id) => directory.postsOn(id, moment).filter((entry) => entry.role.code === role));
  }
}
