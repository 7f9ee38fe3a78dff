import { randomUUID } from 'node:crypto';
import { midnight, type Town } from './demoTown.ts';

/** A role of the governance layer with who sits where; people are numbered from 0 within the role. */
export interface StaffRole {
  readonly code: string;
  readonly tier: string;
  readonly seats: readonly { readonly gridId: string; readonly person: number }[];
}

const DATES = { validFrom: midnight('2020-01-01'), validTo: null };

/** Publishes new roles with their posts, people and appointments as one edition. */
export async function publishStaff({ api, publish }: Town, roles: readonly StaffRole[]): Promise<void> {
  const { posts } = api.app.writers;
  await publish('More staff', async (trx, edition) => {
    for (const { code, tier, seats } of roles) {
      await posts.insertRoles(trx, edition, [roleDraft(code, tier)]);
      const gridIds = [...new Set(seats.map(({ gridId }) => gridId))];
      const seated = gridIds.map((gridId) => ({ id: randomUUID(), roleCode: code, gridId, ...DATES }));
      const postOf = new Map(seated.map((post) => [post.gridId, post.id]));
      const people = Array.from({ length: Math.max(...seats.map(({ person }) => person)) + 1 }, (_, i) => ({
        id: randomUUID(),
        name: `${code} ${i + 1}`,
        officePhone: `0859-0${String(i).padStart(6, '0')}`,
        bodyId: null,
        languages: [],
        ...DATES,
      }));
      await posts.insertPosts(trx, edition, seated);
      await posts.insertPeople(trx, edition, people);
      const appointments = seats.map(({ gridId, person }) => ({
        id: randomUUID(),
        postId: postOf.get(gridId)!,
        holder: { personId: people[person].id },
        rank: 'PRIMARY' as const,
        ...DATES,
      }));
      await posts.insertAppointments(trx, edition, appointments);
    }
  });
}

interface Squad {
  readonly name: string;
  /** Matters it answers for. */
  readonly categories: readonly string[];
}

/** Publishes a role whose post on one grid is held by bodies. */
export async function appointTo({ api, publish }: Town, gridId: string, code: string, squads: readonly Squad[]) {
  const { posts } = api.app.writers;
  const bodies = squads.map((squad) => ({
    ...squad,
    id: randomUUID(),
    kind: 'SQUAD',
    officePhone: null,
    languages: [],
    ...DATES,
  }));
  const post = { id: randomUUID(), roleCode: code, gridId, ...DATES };
  await publish('Squads', async (trx, edition) => {
    await posts.insertBodies(trx, edition, bodies);
    await posts.insertRoles(trx, edition, [roleDraft(code, 'grid')]);
    await posts.insertPosts(trx, edition, [post]);
    await posts.insertAppointments(
      trx,
      edition,
      bodies.map((body) => ({
        id: randomUUID(),
        postId: post.id,
        holder: { bodyId: body.id },
        rank: 'PRIMARY',
        ...DATES,
      })),
    );
  });
}

function roleDraft(code: string, tier: string) {
  const tiers = [{ layer: 'governance', tier, required: false }];
  return { code, name: code, answersAs: null, position: 50, categories: [], tiers };
}
