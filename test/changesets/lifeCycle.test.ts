import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import { rectangle } from '../grids/squareGrids.ts';
import { ChangesetHouse, refusal } from './changesetHouse.ts';

let house: ChangesetHouse;
beforeAll(async () => {
  house = await ChangesetHouse.open();
});
beforeEach(() => {
  house.vacant = () => [];
});

const rename = (code: string, name: string) => ({ rename: { grid: house.id(code), name } });
const ann = () => house.as('ann');

describe('the life of a changeset', () => {
  it('leads from a draft over submission and approval to an edition', async () => {
    let draft = await house.changesets.open(ann(), 'Rename A');
    const { id } = draft.record;
    expect(draft.record).toMatchObject({ status: 'DRAFT', revision: 0, author: 'ann', baseEdition: 1 });
    draft = await house.changesets.apply(ann(), id, 0, [rename('A', 'Alpha')]);
    expect(draft.record.revision).toBe(1);
    expect(draft.territory.get(house.id('A'), 'grid').name).toBe('Alpha');
    expect(draft.issues()).toEqual([]);
    draft = await house.review.submit(ann(), id, 1);
    expect(draft.record).toMatchObject({ status: 'SUBMITTED', submittedAt: house.now });
    draft = await house.review.approve(house.as('bob'), id);
    expect(draft.record).toMatchObject({ status: 'APPROVED', approvedBy: 'bob', approvedAt: house.now });
    draft = await house.publishing.publish(ann(), id);
    expect(draft.record).toMatchObject({ status: 'PUBLISHED', edition: 2, effectiveAt: house.now, revision: 4 });
    expect(house.version('A')?.name).toBe('Alpha');
    expect(house.version('A', house.now, 1)?.name).toBe('Grid A');
    expect(house.api.app.editions.editions.at(-1)).toMatchObject({ number: 2, title: 'Rename A' });
  });

  it('goes no other way', async () => {
    const acts: Record<string, (draft: Draft) => Promise<Draft>> = {
      apply: ({ record }) => house.changesets.apply(ann(), record.id, record.revision, [rename('B', 'Beta')]),
      undo: ({ record }) => house.changesets.undo(ann(), record.id, record.revision),
      rebase: ({ record }) => house.changesets.rebase(ann(), record.id, record.revision),
      waive: ({ record }) => house.review.waive(ann(), record.id, record.revision, 'none', 'Because'),
      submit: ({ record }) => house.review.submit(ann(), record.id, record.revision),
      reopen: ({ record }) => house.review.reopen(ann(), record.id),
      approve: ({ record }) => house.review.approve(house.as('bob'), record.id),
      publish: ({ record }) => house.publishing.publish(ann(), record.id),
      discard: ({ record }) => house.review.discard(ann(), record.id),
    };
    const make: Record<string, () => Promise<Draft>> = {
      DRAFT: () => house.drafted(ann(), rename('X', `X ${Math.random()}`)),
      SUBMITTED: async () => acts.submit(await make.DRAFT()),
      APPROVED: async () => acts.approve(await make.SUBMITTED()),
      PUBLISHED: async () => acts.publish(await make.APPROVED()),
      DISCARDED: async () => acts.discard(await make.DRAFT()),
    };
    const allowed: Record<string, Record<string, string>> = {
      DRAFT: {
        apply: 'DRAFT',
        undo: 'DRAFT',
        rebase: 'DRAFT',
        submit: 'SUBMITTED',
        discard: 'DISCARDED',
        waive: 'NOT_FOUND',
      },
      SUBMITTED: { rebase: 'DRAFT', reopen: 'DRAFT', approve: 'APPROVED', discard: 'DISCARDED' },
      APPROVED: { rebase: 'DRAFT', reopen: 'DRAFT', publish: 'PUBLISHED', discard: 'DISCARDED' },
      PUBLISHED: {},
      DISCARDED: {},
    };
    for (const [status, ways] of Object.entries(allowed)) {
      for (const [act, perform] of Object.entries(acts)) {
        const draft = await make[status]();
        expect(draft.record.status).toBe(status);
        const outcome = await perform(draft).then(
          ({ record }) => record.status,
          ({ code }) => code,
        );
        expect(`${status} ${act}: ${outcome}`).toBe(`${status} ${act}: ${ways[act] ?? 'CONFLICT'}`);
        if (ways[act]) continue;
        const after = await house.changesets.find(ann(), draft.record.id);
        expect(after?.record).toEqual(draft.record);
      }
    }
  });
});

describe('submission', () => {
  it('is refused to a changeset that changes nothing', async () => {
    const draft = await house.changesets.open(ann(), 'Empty');
    const error = await refusal(house.review.submit(ann(), draft.record.id, 0));
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('changes nothing') });
    const there = await house.drafted(ann(), rename('A', 'There'), rename('A', house.version('A')!.name));
    expect(there.patch.size).toBe(0);
    expect((await refusal(house.review.submit(ann(), there.record.id, 1))).code).toBe('BAD_INPUT');
  });

  it('is refused while an ERROR stands, which nobody can waive', async () => {
    const redraw = { redraw: { boundaries: [{ grid: house.id('A'), boundary: rectangle([0, 0, 2, 3]) }] } };
    const draft = await house.drafted(ann(), redraw);
    const [issue] = draft.issues();
    expect(issue).toMatchObject({ severity: 'ERROR' });
    const { id } = draft.record;
    expect(await refusal(house.review.waive(ann(), id, 1, issue.id, 'I dare'))).toMatchObject({ code: 'BAD_INPUT' });
    const error = await refusal(house.review.submit(ann(), id, 1));
    expect(error.code).toBe('BAD_INPUT');
    expect(error.details.issues).toContainEqual(expect.objectContaining({ id: issue.id, severity: 'ERROR' }));
  });

  it('asks for a reason for each WARNING, and takes it', async () => {
    house.vacant = ({ id }) => (id === house.id('B') ? ['officer'] : []);
    const draft = await house.drafted(ann(), rename('B', 'Bravo'));
    const { id } = draft.record;
    // A vacancy that was there before holds nobody up; a new grid without anybody does.
    expect(draft.issues().map(({ severity }) => severity)).toEqual(['INFO']);
    const line = [
      [1_049_999_000, 250_010_000],
      [1_050_021_000, 250_010_000],
    ] as const;
    const half = { id: crypto.randomUUID(), code: 'A2' };
    house.vacant = ({ id: grid }) => (grid === half.id ? ['officer'] : []);
    const split = {
      split: {
        grid: house.id('A'),
        line,
        codes: ['A', half.code],
        names: ['South', 'North'],
        ids: [crypto.randomUUID(), half.id],
      },
    };
    const after = await house.changesets.apply(ann(), id, 1, [split]);
    const warning = after.issues().find(({ severity }) => severity === 'WARNING')!;
    const refused = await refusal(house.review.submit(ann(), id, 2));
    expect(refused.details.issues).toEqual([expect.objectContaining({ id: warning.id, severity: 'WARNING' })]);
    expect((await refusal(house.review.waive(ann(), id, 2, warning.id, ' '))).code).toBe('BAD_INPUT');
    expect((await refusal(house.review.waive(ann(), id, 2, 'unknown', 'Why'))).code).toBe('NOT_FOUND');
    const waived = await house.review.waive(ann(), id, 2, warning.id, 'Appointed next week');
    const waiver = { issueId: warning.id, reason: 'Appointed next week', by: 'ann', at: house.now };
    expect(waived.record).toMatchObject({ revision: 3, waivers: [waiver] });
    expect((await house.review.submit(ann(), id, 3)).record.status).toBe('SUBMITTED');
  });
});

describe('drawing', () => {
  const names = (draft: Draft) => ['A', 'B'].map((code) => draft.territory.get(house.id(code), 'grid').name);

  it('is taken back and done again, and goes on from where it stands', async () => {
    const [a, b] = ['A', 'B'].map((code) => house.version(code)!.name);
    let draft = await house.drafted(ann(), rename('A', 'A1'));
    const { id } = draft.record;
    draft = await house.changesets.apply(ann(), id, 1, [rename('B', 'B1')]);
    draft = await house.changesets.undo(ann(), id, 2);
    expect(names(draft)).toEqual(['A1', b]);
    draft = await house.changesets.undo(ann(), id, 3);
    expect(names(draft)).toEqual([a, b]);
    expect(draft.patch.size).toBe(0);
    expect(draft.territory.find(house.id('A'))).toBe(draft.base.find(house.id('A')));
    expect(await refusal(house.changesets.undo(ann(), id, 4))).toMatchObject({ code: 'BAD_INPUT' });
    draft = await house.changesets.redo(ann(), id, 4);
    expect(names(draft)).toEqual(['A1', b]);
    expect(draft.steps.map(({ undone }) => undone)).toEqual([false, true]);
    draft = await house.changesets.apply(ann(), id, 5, [rename('A', 'A2')]);
    expect(draft.steps.map(({ position, undone }) => [position, undone])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(names(draft)).toEqual(['A2', b]);
    expect(await refusal(house.changesets.redo(ann(), id, 6))).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is all or none of a call, and a refused call leaves nothing', async () => {
    const draft = await house.drafted(ann(), rename('A', 'A1'));
    const { id } = draft.record;
    const ops = [rename('B', 'B1'), { rename: { grid: crypto.randomUUID(), name: 'Nobody' } }];
    expect(await refusal(house.changesets.apply(ann(), id, 1, ops))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^ops\[1\]/),
    });
    expect((await refusal(house.changesets.apply(ann(), id, 1, []))).code).toBe('BAD_INPUT');
    const many = Array.from({ length: 201 }, (_, i) => rename('A', `A${i}`));
    expect((await refusal(house.changesets.apply(ann(), id, 1, many))).code).toBe('TOO_LARGE');
    expect((await refusal(house.changesets.apply(ann(), id, 1, [rename('A', 'half \ud800')]))).code).toBe('BAD_INPUT');
    expect((await house.changesets.find(ann(), id))?.record.revision).toBe(1);
  });

  it('of two at once lets one win and tells the other', async () => {
    const { record } = await house.drafted(ann(), rename('A', 'A1'));
    const both = await Promise.allSettled(
      ['first', 'second'].map((name) => house.changesets.apply(ann(), record.id, 1, [rename('A', name)])),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((each) => each.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('expectedRevision') });
    const draft = await house.changesets.find(ann(), record.id);
    expect(draft?.record.revision).toBe(2);
    expect(draft?.steps).toHaveLength(2);
    expect(await refusal(house.changesets.apply(ann(), record.id, 1, [rename('A', 'late')]))).toMatchObject({
      code: 'CONFLICT',
      details: { revision: 2 },
    });
  });

  it('is read back from the database as it was drawn', async () => {
    const boundary = rectangle([0, 0, 2, 1]);
    const area = { reshape: { grid: house.id('A'), boundary } };
    const draft = await house.drafted(ann(), area, rename('B', '"Ü" \\u0000 \u{1f33f}'));
    const other = await house.again().changesets.find(ann(), draft.record.id);
    expect(other?.patch).toEqual(draft.patch);
    expect(other?.steps).toEqual(draft.steps);
    expect(other?.record).toEqual(draft.record);
  });
});

describe('a title', () => {
  it.each([
    ['', 'empty'],
    [' '.repeat(3), 'blank'],
    ['x'.repeat(201), 'long'],
    ['a\0b', 'NUL'],
  ])('is not %j: %s', async (title) => {
    expect(await refusal(house.changesets.open(ann(), title))).toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('the audit', () => {
  it('holds every step with kinds and counts, and what was refused', async () => {
    const since = (await house.audited()).length;
    const { record } = await house.published(ann(), [rename('A', 'Audited'), rename('B', 'Audited')]);
    await refusal(house.review.discard(ann(), record.id));
    const entries = (await house.audited()).slice(since);
    expect(
      entries.map(({ subject, action, result, details }) => [
        subject,
        action,
        result,
        (details as { field: string }).field,
      ]),
    ).toEqual([
      ['ann', 'boundaries.edit', 'DONE', 'Mutation.openChangeset'],
      ['ann', 'boundaries.edit', 'DONE', 'Mutation.applyToChangeset'],
      ['ann', 'boundaries.edit', 'DONE', 'Mutation.submitChangeset'],
      ['approver', 'boundaries.approve', 'DONE', 'Mutation.approveChangeset'],
      ['ann', 'boundaries.publish', 'DONE', 'Mutation.publishChangeset'],
      ['ann', 'boundaries.edit', 'REFUSED', 'Mutation.discardChangeset'],
    ]);
    expect(entries[1]).toMatchObject({ grid_id: house.id('D1'), details: { ops: ['rename 2'], grids: 2 } });
    expect(entries.every((entry) => entry.object_id === record.id)).toBe(true);
    expect(entries.at(-1)?.details).toMatchObject({ code: 'CONFLICT' });
  });
});
