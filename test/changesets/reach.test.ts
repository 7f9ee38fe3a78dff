import { beforeAll, describe, expect, it } from 'vitest';
import { ChangesetHouse, refusal } from './changesetHouse.ts';

let house: ChangesetHouse;
beforeAll(async () => {
  house = await ChangesetHouse.open();
});

const rename = (code: string, name = `${code} ${Math.random()}`) => ({ rename: { grid: house.id(code), name } });

describe('a changeset', () => {
  it('is seen by its author and by whoever reads a grid that it touches, and is not there for others', async () => {
    const { record } = await house.drafted(house.as('ann', 'gis_editor', 'D1'), rename('A'));
    const seen = async (subject: string, role: Parameters<typeof house.as>[1], ...codes: string[]) =>
      (await house.changesets.find(house.as(subject, role, ...codes), record.id)) !== undefined;
    expect(await seen('ann', 'gis_editor', 'D1')).toBe(true);
    expect(await seen('ann', 'officer', 'D2')).toBe(true);
    expect(await seen('bob', 'gis_editor', 'D1')).toBe(true);
    expect(await seen('bob', 'auditor', 'C')).toBe(true);
    expect(await seen('bob', 'admin', 'A')).toBe(true);
    expect(await seen('bob', 'gis_editor', 'D2')).toBe(false);
    expect(await seen('bob', 'admin', 'B')).toBe(false);
    expect(await seen('bob', 'officer')).toBe(false);
    const stranger = house.as('eve', 'gis_editor', 'D2');
    const unknown = await refusal(house.review.submit(stranger, crypto.randomUUID(), 0));
    for (const id of [record.id, 'no id at all']) {
      const error = await refusal(house.review.submit(stranger, id, 1));
      expect([error.code, error.message]).toEqual([unknown.code, unknown.message]);
    }
    expect(unknown.code).toBe('NOT_FOUND');
  });

  it('is changed by its author only', async () => {
    const { record } = await house.drafted(house.as('ann'), rename('A'));
    const bob = house.as('bob', 'admin');
    for (const act of [
      () => house.changesets.apply(bob, record.id, 1, [rename('B')]),
      () => house.changesets.undo(bob, record.id, 1),
      () => house.changesets.redo(bob, record.id, 1),
      () => house.changesets.rebase(bob, record.id, 1),
      () => house.review.submit(bob, record.id, 1),
      () => house.review.waive(bob, record.id, 1, 'any', 'why'),
      () => house.review.reopen(bob, record.id),
    ]) {
      expect(await refusal(act())).toMatchObject({ code: 'FORBIDDEN', details: { author: 'ann' } });
    }
  });

  it('outside the area of its author is told as an ERROR, and is not submitted', async () => {
    const ann = house.as('ann', 'gis_editor', 'D1');
    const draft = await house.drafted(ann, rename('A'), rename('X'));
    expect(draft.issues()).toEqual([expect.objectContaining({ rule: 'outside_area', grids: [house.id('X')] })]);
    expect(await refusal(house.review.submit(ann, draft.record.id, 1))).toMatchObject({ code: 'BAD_INPUT' });
    // Whoever may read it, and edits elsewhere, is not told of an area that is not asked about.
    const seen = await house.changesets.find(house.as('bob', 'gis_editor', 'D2'), draft.record.id);
    expect(seen?.issues()).toEqual([]);
  });

  it('is approved by somebody else whose area holds all of it', async () => {
    const ann = house.as('ann');
    const { record } = await house.drafted(ann, rename('A'), rename('X'));
    await house.review.submit(ann, record.id, 1);
    expect(await refusal(house.review.approve(ann, record.id))).toMatchObject({ code: 'FORBIDDEN' });
    const half = house.as('bob', 'gis_editor', 'D1');
    expect(await refusal(house.review.approve(half, record.id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(house.review.approve(house.as('eve', 'auditor'), record.id))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const both = house.as('bob', 'gis_editor', 'D1', 'D2');
    expect((await house.review.approve(both, record.id)).record.status).toBe('APPROVED');
  });

  it('is published by its author, its approver or an administrator, in whose area all of it lies', async () => {
    const ann = house.as('ann');
    const { record } = await house.approved(ann, rename('A'));
    const third = house.as('carl', 'gis_editor');
    expect(await refusal(house.publishing.publish(third, record.id))).toMatchObject({ code: 'FORBIDDEN' });
    const far = house.as('approver', 'gis_editor', 'B', 'A');
    expect((await house.publishing.publish(far, record.id)).record.status).toBe('PUBLISHED');
    const { record: second } = await house.approved(ann, rename('A'));
    const near = house.as('carl', 'admin', 'B');
    expect(await refusal(house.publishing.publish(near, second.id))).toMatchObject({ code: 'NOT_FOUND' });
    const admin = house.as('carl', 'admin', 'A');
    expect((await house.publishing.publish(admin, second.id)).record.status).toBe('PUBLISHED');
    const { record: narrow } = await house.approved(ann, rename('A'), rename('B'));
    const own = house.as('ann', 'gis_editor', 'A');
    expect(await refusal(house.publishing.publish(own, narrow.id))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is given up by its author or by an administrator of all of it', async () => {
    const ann = house.as('ann');
    const { record } = await house.drafted(ann, rename('A'), rename('X'));
    for (const other of [house.as('bob', 'gis_editor'), house.as('bob', 'admin', 'D1')]) {
      expect(await refusal(house.review.discard(other, record.id))).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await house.review.discard(house.as('bob', 'admin', 'C'), record.id)).record.status).toBe('DISCARDED');
  });

  it('that makes a grid belongs to the grid above it; one that moves a grid, to both parents too', async () => {
    const line = [
      [1_049_999_000, 250_010_000],
      [1_050_021_000, 250_010_000],
    ] as const;
    const ids = [crypto.randomUUID(), crypto.randomUUID()];
    const split = { split: { grid: house.id('A'), line, codes: ['A1', 'A2'], names: ['A1', 'A2'], ids } };
    const ann = house.as('ann', 'gis_editor', 'D1');
    const draft = await house.drafted(ann, split);
    expect(draft.issues()).toEqual([]);
    expect(await house.changesets.find(house.as('bob', 'gis_editor', 'D1'), draft.record.id)).toBeDefined();
    expect(await house.changesets.find(house.as('bob', 'gis_editor', 'B'), draft.record.id)).toBeUndefined();
    const reparent = { reparent: { grid: house.id('B'), parent: house.id('D2') } };
    house.isBlind = true;
    const moved = await house.drafted(ann, reparent);
    expect(await refusal(house.review.submit(ann, moved.record.id, 1))).toMatchObject({ code: 'FORBIDDEN' });
    house.isBlind = false;
  });

  it('takes signing in, and a role that edits', async () => {
    const nobody = { ...house.as('public'), viewer: { kind: 'public', subject: 'public', grants: [] } } as const;
    expect(await refusal(house.changesets.open(nobody, 'Mine'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await refusal(house.changesets.open(house.as('eve', 'auditor'), 'Mine'))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('the list', () => {
  it('holds what the viewer may see, newest first, in pages without repetition', async () => {
    const lena = house.as('lena', 'gis_editor', 'D2');
    const opened: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      house.now = new Date(house.now.getTime() + 1000);
      opened.unshift((await house.drafted(lena, rename('Y'))).record.id);
    }
    const own = await house.changesets.list(lena, { author: 'lena' });
    expect(own.edges.map(({ node }) => node.id)).toEqual(opened);
    expect(own.totalCount).toBe(5);
    const first = await house.changesets.list(lena, { author: 'lena', first: 3 });
    const after = first.pageInfo.endCursor;
    const second = await house.changesets.list(lena, { author: 'lena', first: 3, after });
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(opened);
    const others = await house.changesets.list(house.as('bob', 'gis_editor', 'D1'), { author: 'lena' });
    expect(others.edges).toEqual([]);
    const area = await house.changesets.list(house.as('bob', 'gis_editor', 'Y'), { author: 'lena' });
    expect(area.totalCount).toBe(5);
    await house.review.discard(lena, opened[0]);
    const discarded = await house.changesets.list(lena, { author: 'lena', status: 'DISCARDED' });
    expect(discarded.edges.map(({ node }) => [node.id, node.status])).toEqual([[opened[0], 'DISCARDED']]);
    expect(await refusal(house.changesets.list(lena, { first: 500 }))).toMatchObject({ code: 'BAD_INPUT' });
  });
});
