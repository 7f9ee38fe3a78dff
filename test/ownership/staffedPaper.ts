import type { AppointmentDraft, BodyDraft, PersonDraft, PostDraft, RoleDraft } from '../../src/posts/post.type.ts';
import { placeAt } from '../grids/squareGrids.ts';
import type { Answer, Api } from '../support/api.ts';

/** `seats` are "layer/tier"; one that ends in "!" is required there. */
export function drawRole(
  code: string,
  position: number,
  seats: readonly string[],
  more: Partial<RoleDraft> = {},
): RoleDraft {
  const tiers = seats.map((seat) => {
    const [layer, tier] = seat.replace('!', '').split('/');
    return { layer, tier, required: seat.endsWith('!') };
  });
  return { code, name: `The ${code}`, answersAs: null, position, categories: [], tiers, ...more };
}

export interface Staff {
  readonly roles?: readonly RoleDraft[];
  readonly bodies?: readonly BodyDraft[];
  readonly people?: readonly PersonDraft[];
  readonly posts?: readonly PostDraft[];
  readonly appointments?: readonly AppointmentDraft[];
}

export async function publishStaff({ app }: Api, staff: Staff): Promise<void> {
  const { posts } = app.writers;
  await app.editions.publish('Staff', async (trx, edition) => {
    await posts.insertBodies(trx, edition, staff.bodies ?? []);
    await posts.insertRoles(trx, edition, staff.roles ?? []);
    await posts.insertPeople(trx, edition, staff.people ?? []);
    await posts.insertPosts(trx, edition, staff.posts ?? []);
    await posts.insertAppointments(trx, edition, staff.appointments ?? []);
  });
}

export interface Wanted {
  readonly category?: string;
  readonly language?: string;
  readonly role?: string;
  readonly onDuty?: boolean;
  readonly asOf?: string;
}

const PARTS = `post { id vacant role { code } grid { code } } holder { ... on Person { name } ... on Body { name } }
  grid { code } rank onDuty reason`;

const QUESTION = `query ($at: PlaceInput!, $category: String, $language: String, $role: String, $onDuty: Boolean, $asOf: DateTime) {
  ownership(at: $at, category: $category, language: $language, asOf: $asOf) {
    officer { ${PARTS} } gridWorker { ${PARTS} } mediationTeam { ${PARTS} }
    holdings(role: $role, onDuty: $onDuty) { ${PARTS} }
    notices { code message }
  }
}`;

/** "role grid: holder RANK REASON"; "-" for nobody. */
function say(holding: Answer): string {
  const { post, holder, rank, reason } = holding;
  return `${post.role.code} ${post.grid.code}: ${holder?.name ?? '-'} ${rank} ${reason}`;
}

/** Who answers at a place on the paper, as lines to read. */
export async function whoAnswers(api: Api, column: number, row: number, wanted: Wanted = {}) {
  const at = { point: { ...placeAt(column, row), accuracyMetres: 0 } };
  const { ownership } = await api.ask(QUESTION, { at, ...wanted });
  const short = (name: string) => ownership[name] && say(ownership[name]);
  return {
    holdings: ownership.holdings.map(say) as string[],
    officer: short('officer') as string | null,
    gridWorker: short('gridWorker') as string | null,
    mediationTeam: short('mediationTeam') as string | null,
    /** People's notices; those of territory are tested with territory. */
    notices: ownership.notices as { code: string; message: string }[],
    raw: ownership,
  };
}
