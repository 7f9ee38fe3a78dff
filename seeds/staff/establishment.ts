import { officePhone, personName } from '../gazetteer.ts';
import type { AppointmentPlan, BodyPlan, PersonPlan, PostPlan, Validity } from '../plan.type.ts';
import { idOf, Random } from '../terrain/random.ts';
import { BASE_DATE, type Region } from '../territory/region.ts';

export type HolderPlan = AppointmentPlan['holder'];

const OPEN: Validity = { validFrom: BASE_DATE, validTo: null };
const SEED = 7;

/** Bodies, people, posts and appointments while they are being filled in; all names are invented. */
export class Establishment {
  readonly bodies: BodyPlan[] = [];
  readonly people: PersonPlan[] = [];
  readonly posts: PostPlan[] = [];
  readonly appointments: AppointmentPlan[] = [];
  readonly random = new Random(SEED);
  readonly #first = new Map<string, AppointmentPlan>();

  /** Returns the body's id. */
  body(kind: string, name: string, parentId?: string, languages: readonly string[] = ['zh']): string {
    const id = idOf(`body ${kind} ${name} ${parentId ?? ''}`);
    const line = parentId ? { parentId } : {};
    this.bodies.push({ id, name, kind, officePhone: officePhone(this.random), languages, ...line, ...OPEN });
    return id;
  }

  /** Returns the person's id. */
  person(bodyId: string, languages: readonly string[] = ['zh']): string {
    const id = idOf(`person ${this.people.length} of ${bodyId}`);
    this.people.push({
      id,
      name: personName(this.random),
      officePhone: officePhone(this.random),
      bodyId,
      languages,
      ...OPEN,
    });
    return id;
  }

  /** Makes a post and fills it; with null it stands vacant. Returns the post's id. */
  post(roleCode: string, region: Region, holder: HolderPlan | null, serial = 1): string {
    const id = idOf(`post ${roleCode} ${region.id} ${serial}`);
    this.posts.push({ id, roleCode, gridId: region.id, ...OPEN });
    if (holder) {
      const appointment = this.appoint(id, holder);
      if (serial === 1) this.#first.set(`${roleCode} ${region.id}`, appointment);
    }
    return id;
  }

  appoint(
    postId: string,
    holder: HolderPlan,
    rank: AppointmentPlan['rank'] = 'PRIMARY',
    validity = OPEN,
  ): AppointmentPlan {
    const appointment = appointmentTo(postId, holder, rank, validity);
    this.appointments.push(appointment);
    return appointment;
  }

  /** The main appointment to a grid's first post of a role, if it is filled. */
  find(roleCode: string, region: Region): AppointmentPlan | undefined {
    return this.#first.get(`${roleCode} ${region.id}`);
  }

  /** Id of the person or body who holds it, null when vacant. */
  holderId(roleCode: string, region: Region): string | null {
    const holder = this.find(roleCode, region)?.holder;
    if (!holder) return null;
    return 'personId' in holder ? holder.personId : holder.bodyId;
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }
}

/** An appointment that belongs to a later edition, hence not yet among the base's. */
export function appointmentTo(
  postId: string,
  holder: HolderPlan,
  rank: AppointmentPlan['rank'],
  validity: Validity,
): AppointmentPlan {
  const id = idOf(`appointment ${postId} ${Object.values(holder)[0]} ${rank}`);
  return { id, postId, holder, rank, ...validity };
}
