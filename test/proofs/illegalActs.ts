import { type Illegal, itself, KEPT, type Kind, NEW, OUT_OF_TURN, OVERLAP } from './illegalKinds.ts';
import {
  addChangeset,
  addGrid,
  addStep,
  addVersion,
  approve,
  BEATS,
  CHANGESETS,
  closeVersions,
  FIELDS,
  publishAs,
  rectangle,
  redraw,
  type Statement,
  submit,
  TOWNS,
  VILLAGES,
} from './illegalRegistry.ts';
import { box } from './rawRegistry.ts';

const DATED = ['scheme', 'layer', 'tier', 'grid', 'grid_code', 'grid_version', 'gap', 'grid_member', 'grid_lineage'];
/** Of a table with these rights the server is not even asked what it wants. */
const keptFrom = (writer: string) => (writer === 'server' ? itself('42501') : KEPT);
const beginAgain = (number: string): Statement =>
  `insert into edition (number, published_at, effective_at, title) values (${number}, now(), now(), 'Again')`;
const fresh = (at: number, width = 2) => [addGrid(NEW, 'town'), addVersion({ id: NEW, boundary: box(at, 0, width) })];
const overlapping = fresh(15);
const apart = fresh(20);

export const EDITIONS: Record<string, Kind> = {
  'a published row updated': (dice, writer) => ({
    bad: [`update ${dice.pick(DATED)} set edition_from = edition_from`],
    law: keptFrom(writer),
    alone: true,
  }),
  'a published boundary redrawn in place': (dice, writer) => {
    const { id } = dice.pick(FIELDS);
    const change = dice.pick([
      `name = 'Other'`,
      'boundary = ST_Reverse(boundary)',
      'parent_id = null',
      `valid = 'empty'`,
    ]);
    return { bad: [`update grid_version set ${change} where grid_id = '${id}'`], law: keptFrom(writer), alone: true };
  },
  'a published row deleted': (dice, writer) => ({
    bad: [`delete from ${dice.pick([...DATED, 'edition'])}`],
    law: keptFrom(writer),
    alone: true,
  }),
  'published rows emptied': (dice, writer) => ({
    bad: [`truncate ${dice.pick([...DATED, 'edition'])} cascade`],
    law: keptFrom(writer),
    alone: true,
  }),
  'a row merged away': (dice, writer) => {
    const { id } = dice.pick(FIELDS);
    return {
      bad: [`with old as (delete from grid_version where grid_id = '${id}' returning id) select count(*) from old`],
      law: keptFrom(writer),
      alone: true,
    };
  },
  'a row closed without an edition': (dice) => {
    const { id } = dice.pick(FIELDS);
    const close = `update grid_version set edition_to = ${dice.pick(['1', '2', '3', '99'])} where grid_id = '${id}'`;
    return { bad: [close], law: KEPT, alone: true };
  },
  'a row closed by an edition of old': (dice) => {
    const place = dice.pick(FIELDS.filter(({ x, y }) => x >= 8 && !(x >= 12 && y === 6)));
    const close = (edition: string) => [
      closeVersions(place.id).replace('$E', edition),
      addVersion({ ...place, boundary: rectangle(place, 2), from: edition === '$E' ? undefined : '2090-01-01Z' }),
    ];
    return { bad: close(dice.pick(['1', '2'])), good: close('$E'), law: KEPT };
  },
  'a row closed twice': (dice) => {
    const place = dice.pick(FIELDS.filter(({ x, y }) => x >= 8 && !(x >= 12 && y === 6)));
    const once = redraw({ ...place, boundary: rectangle(place, 2) });
    const again = `update grid_version set edition_to = $E where grid_id = '${place.id}' and edition_to is not null`;
    return { bad: [...once, again], good: once, law: KEPT };
  },
  'a row opened again': (dice) => {
    const place = dice.pick(FIELDS.filter(({ x, y }) => x >= 8 && !(x >= 12 && y === 6)));
    const once = redraw({ ...place, boundary: rectangle(place, 2) });
    const again = `update grid_version set edition_to = null where grid_id = '${place.id}' and edition_to is not null`;
    return { bad: [...once, again], good: once, law: KEPT };
  },
  'a row changed while it is closed': (dice, writer) => {
    const place = dice.pick(FIELDS.filter(({ x, y }) => x >= 8 && !(x >= 12 && y === 6)));
    const once = redraw({ ...place, boundary: rectangle(place, 2) });
    const [close, ...rest] = once;
    return { bad: [close.replace('= $E', `= $E, kind = 'OTHER'`), ...rest], good: once, law: keptFrom(writer) };
  },
  'a row of an edition of old': (dice) => {
    const at = 20 + dice.roll(20);
    const row = (edition: string) => [addGrid(NEW, 'town'), addVersion({ id: NEW, boundary: box(at, 0, 1), edition })];
    return { bad: row(dice.pick(['1', '2'])), good: row('$E'), law: KEPT };
  },
  'a row of an edition to come': (dice) => ({
    bad: [addGrid(NEW, 'town'), addVersion({ id: NEW, boundary: box(20, 0, 1), edition: `$E + ${1 + dice.roll(9)}` })],
    good: apart,
    // Its edition is asked for by a key and by a law; whichever is first.
    law: /^(APPEND_ONLY WG005|DATABASE_FAILED 23503) /,
  }),
  'a row that joins without an edition': (dice) => ({
    bad: [addGrid(NEW, 'town').replace('$E', dice.pick(['1', '2']))],
    law: KEPT,
    alone: true,
  }),
  'a row that is over before it begins': (dice) => {
    const insert = addVersion({ id: NEW, boundary: box(20, 0, 1) });
    const over = insert.replace('edition_from,', 'edition_from, edition_to,').replace(' $E, 1e6', ' $E, $E, 1e6');
    return {
      bad: [addGrid(NEW, 'town'), dice.pick([over, over.replace('$E, $E,', '$E, 1,')])],
      good: [addGrid(NEW, 'town'), insert],
      law: itself('23514|22000'),
    };
  },
  'an edition rewritten': (dice, writer) => ({
    bad: [
      `update edition set ${dice.pick([`title = 'Other'`, 'published_at = now()', 'transaction = pg_current_xact_id()', 'number = number + 10'])}
        where number = ${1 + dice.roll(2)}`,
    ],
    law: keptFrom(writer),
    alone: true,
  }),
  'the edition just begun rewritten': (_, writer) => ({
    bad: [`update edition set title = 'Other' where number = $E`],
    law: keptFrom(writer),
  }),
  'an edition of the wrong number': (dice) => ({
    bad: [beginAgain(dice.pick(['1', '2', '4', '7', '0', '-1']))],
    good: [beginAgain('3')],
    law: OUT_OF_TURN,
    alone: true,
  }),
  'an edition over another': (dice) => ({
    bad: [`${beginAgain(dice.pick(['1', '2']))} on conflict (number) do update set title = excluded.title`],
    law: /^(CONFLICT WG006|DATABASE_FAILED 42501) /,
    alone: true,
  }),
  'two editions in one transaction': () => ({
    bad: [...overlapping, beginAgain('$E + 1'), closeVersions(NEW).replace('$E', '$E + 1')],
    good: apart,
    law: OUT_OF_TURN,
  }),
  'another isolation once it has begun': (dice) => ({
    bad: [...overlapping, `set transaction isolation level ${dice.pick(['repeatable read', 'serializable'])}`],
    good: apart,
    law: itself('25001'),
  }),
};

const TRICKS: Record<string, readonly Statement[]> = {
  'set constraints immediate before the rows': ['set constraints all immediate', ...overlapping],
  'set constraints immediate and deferred between the rows': [
    ...redraw({ ...TOWNS[1], boundary: rectangle(TOWNS[1], 8) }),
    'set constraints all immediate',
    'set constraints all deferred',
    ...overlapping,
  ],
  'set constraints immediate after the rows': [...overlapping, 'set constraints all immediate'],
  'the one trigger deferred': ['set constraints edition_judged deferred', ...overlapping],
  'a savepoint given up in between': [
    'savepoint s',
    ...redraw({ ...TOWNS[0], boundary: rectangle(TOWNS[0], 8) }),
    'rollback to s',
    ...overlapping,
  ],
  'marks judged early, in a savepoint given up': [
    ...overlapping,
    'savepoint s',
    closeVersions(TOWNS[1].id),
    'rollback to s',
  ],
  'a table of one’s own before ours': ['set local search_path = pg_temp, public', ...overlapping],
  'areas of nobody': [`set local wangge.areas = ''`, ...overlapping],
};

/** Ways round the judge, that would leave an overlap. */
export const WAYS_ROUND: Record<string, Kind> = {
  ...Object.fromEntries(
    Object.entries(TRICKS).map(([name, bad]): [string, Kind] => {
      const good = bad.map((statement) => statement.replace(overlapping[1], apart[1]));
      return [name, () => ({ bad, good, law: OVERLAP })];
    }),
  ),
  'marks taken away': (dice, writer) => ({
    bad: [
      ...overlapping,
      dice.pick(['delete from edition_mark', 'update edition_mark set edition = 1', 'truncate edition_mark']),
    ],
    // 55006: a table whose triggers still wait is emptied by nobody.
    law: writer === 'server' ? itself('42501') : /^(APPEND_ONLY WG005|DATABASE_FAILED 55006) /,
  }),
  'triggers put to sleep by the server': (dice, writer) =>
    writer === 'owner'
      ? undefined
      : {
          bad: [
            dice.pick([
              'set local session_replication_role = replica',
              'alter table grid_version disable trigger all',
              'drop trigger edition_judged on edition_mark',
              'alter table grid_version drop constraint grid_version_valid',
              'create or replace function judge_edition() returns trigger language plpgsql as $$ begin return null; end $$',
              'select assert_no_overlap(1)',
              'insert into edition_mark (edition) values (1)',
              'create table grid_versions (id int)',
              'drop table grid_version cascade',
            ]),
            ...overlapping,
          ],
          law: itself('42501|42P01'),
        },
};

const { draft, submitted, approved, published, discarded } = CHANGESETS;
const set = (id: string, columns: string): Statement => `update changeset set ${columns} where id = '${id}'`;
const alone = (bad: readonly Statement[], good: readonly Statement[] | undefined, law: RegExp): Illegal => ({
  bad,
  good,
  law,
  alone: true,
});

export const DRAFTS: Record<string, Kind> = {
  'a changeset approved by its author': () =>
    alone([approve(submitted, 'author')], [approve(submitted, 'another')], OUT_OF_TURN),
  'an approval turned over to the author': () =>
    alone([set(approved, `approved_by = 'author'`)], [set(approved, 'changed_at = now()')], OUT_OF_TURN),
  'an approval by nobody': () =>
    alone([set(submitted, `status = 'APPROVED', approved_at = now()`)], [approve(submitted)], itself('23514')),
  'a draft approved before it is submitted': () =>
    alone([set(draft, `status = 'APPROVED', approved_by = 'x', submitted_at = now()`)], [submit(draft)], OUT_OF_TURN),
  'a changeset published that nobody approved': (dice) => ({
    bad: [publishAs(dice.pick([draft, submitted]))],
    good: [publishAs(approved)],
    law: OUT_OF_TURN,
  }),
  'a changeset published as an edition of others': (dice) => ({
    bad: [publishAs(approved, dice.pick(['1', '2']))],
    good: [publishAs(approved)],
    law: OUT_OF_TURN,
  }),
  'a changeset published without an edition': (dice) =>
    alone(
      [dice.pick([publishAs(approved, '1'), publishAs(approved, '2'), publishAs(approved, 'null')])],
      undefined,
      OUT_OF_TURN,
    ),
  'an edition on a changeset that is not published': (dice) =>
    alone(
      [set(dice.pick([draft, submitted, approved]), 'edition = 1, effective_at = now()')],
      undefined,
      itself('23514'),
    ),
  'two changesets published as one edition': () => ({
    bad: [publishAs(approved), approve(submitted), publishAs(submitted)],
    good: [publishAs(approved), approve(submitted)],
    law: itself('23505'),
  }),
  'what was approved changed': (dice) =>
    alone(
      [set(approved, dice.pick([`title = 'Other'`, `approved_by = 'x'`, `approved_at = '2020-01-01Z'`]))],
      [set(approved, `status = 'DRAFT', title = 'Other', approved_by = null, approved_at = null, submitted_at = null`)],
      OUT_OF_TURN,
    ),
  'a published or discarded changeset changed': (dice) =>
    alone(
      [
        set(
          dice.pick([published, discarded]),
          dice.pick([
            `status = 'DRAFT', edition = null, effective_at = null`,
            `title = 'Other'`,
            'revision = revision + 1',
            `grid_ids = '{}'`,
          ]),
        ),
      ],
      [set(draft, `title = 'Other'`)],
      KEPT,
    ),
  'a changeset given to another author': (dice) =>
    alone(
      [
        set(
          dice.pick([draft, submitted, approved]),
          dice.pick([`author = 'x'`, `id = '${NEW}'`, `opened_at = '2020-01-01Z'`, 'reverts = 1']),
        ),
      ],
      [set(draft, 'changed_at = now()')],
      KEPT,
    ),
  'a changeset deleted': (dice, writer) =>
    alone([`delete from changeset where id = '${dice.pick(Object.values(CHANGESETS))}'`], undefined, keptFrom(writer)),
  'changesets emptied': (dice, writer) =>
    alone(
      [`truncate ${dice.pick(['changeset', 'changeset_step', 'changeset_waiver'])} cascade`],
      undefined,
      keptFrom(writer),
    ),
  'a changeset that begins half-way': (dice) =>
    alone(
      [
        addChangeset(NEW, 'author', {
          status: `'${dice.pick(['SUBMITTED', 'APPROVED', 'DISCARDED'])}'`,
          submitted_at: 'now()',
          approved_by: `'x'`,
        }),
      ],
      [addChangeset(NEW, 'author')],
      OUT_OF_TURN,
    ),
  'a changeset that begins published': (dice) =>
    alone(
      [
        addChangeset(NEW, 'author', {
          status: `'PUBLISHED'`,
          submitted_at: 'now()',
          effective_at: 'now()',
          edition: dice.pick(['1', '2']),
        }),
      ],
      [addChangeset(NEW, 'author')],
      OUT_OF_TURN,
    ),
  'a changeset from an edition to come': (dice) =>
    alone([set(draft, `base_edition = ${3 + dice.roll(99)}`)], [set(draft, 'base_edition = 2')], OUT_OF_TURN),
  'a revision counted back': (dice) =>
    alone(
      [set(dice.pick([submitted, approved]), 'revision = revision - 1')],
      [set(draft, 'revision = revision + 1')],
      OUT_OF_TURN,
    ),
  'a status of one’s own': () => alone([set(draft, `status = 'LIVE'`)], undefined, OUT_OF_TURN),
  'a step put to a published or discarded changeset': (dice) =>
    alone([addStep(dice.pick([published, discarded]), 9)], [addStep(draft, 9)], KEPT),
  'a step put to what others judge': (dice) =>
    alone([addStep(dice.pick([submitted, approved]), 9)], [addStep(draft, 9)], OUT_OF_TURN),
  'a step moved to another changeset': (dice) =>
    alone(
      [
        `update changeset_step set changeset_id = '${dice.pick([published, approved])}', position = 9
        where changeset_id = '${draft}' and position = 2`,
      ],
      [`update changeset_step set position = 9 where changeset_id = '${draft}' and position = 2`],
      KEPT,
    ),
  'a step of a published changeset changed': (dice) => {
    const on = (id: string) => `where changeset_id = '${id}' and position = ${1 + (dice.roll(9) % 2)}`;
    const id = dice.pick([published, discarded]);
    const change = dice.pick([`update changeset_step set ops = '[]', undone = true`, 'delete from changeset_step']);
    return alone([`${change} ${on(id)}`], [`${change} ${on(draft)}`], KEPT);
  },
  'a step of what was approved changed': (dice) => {
    const on = (id: string) => `where changeset_id = '${id}' and position = 1`;
    const change = dice.pick([`update changeset_step set ops = '[{}]'`, 'delete from changeset_step']);
    return alone([`${change} ${on(dice.pick([submitted, approved]))}`], [`${change} ${on(draft)}`], OUT_OF_TURN);
  },
  'a step twice in one place': () => alone([addStep(draft, 2)], [addStep(draft, 3)], itself('23505')),
  'a step that is none': (dice) =>
    alone(
      [dice.pick([addStep(draft, 0), addStep(draft, 3, '{}'), addStep(draft, -1)])],
      [addStep(draft, 3)],
      itself('23514'),
    ),
  'a waiver on what is published': (dice) => {
    const waive = (id: string) => `insert into changeset_waiver values ('${id}', 'later', 'So it is', 'x', now())`;
    return alone([waive(dice.pick([published, discarded]))], [waive(draft)], KEPT);
  },
  'a waiver without a reason': (dice) => {
    const waive = (reason: string) =>
      `insert into changeset_waiver values ('${draft}', 'later', '${reason}', 'x', now())`;
    return alone([waive(dice.pick(['', 'x'.repeat(501)]))], [waive('So it is')], itself('23514'));
  },
  'a rule turned round under its members': (dice) => {
    const on = `where tier_id = (select id from tier where code = 'beat')`;
    const change = dice.pick([
      `made_of = 'CHILDREN', member_tier_id = null`,
      'made_of = null, member_tier_id = null',
      `member_tier_id = (select id from tier where code = 'village')`,
    ]);
    return alone(
      [`update tier_rule set ${change} ${on}`],
      [`update tier_rule set least_width_metres = 2 ${on}`],
      OUT_OF_TURN,
    );
  },
  'a rule that contradicts itself': (dice) => {
    const on = `where tier_id = (select id from tier where code = 'station')`;
    const change = dice.pick([
      "member_tier_id = (select id from tier where code = 'field')",
      `made_of = 'SIBLINGS'`,
      'least_square_metres = 1',
      'least_width_metres = -1',
      'load_least = 3',
      `load_measure = 'households', load_least = 9, load_most = 3`,
      `code_pattern = ''`,
    ]);
    return alone(
      [`update tier_rule set ${change} ${on}`],
      [`update tier_rule set least_width_metres = 2 ${on}`],
      itself('23514'),
    );
  },
  'a changeset that overlaps all the same': () => ({
    bad: [...overlapping, publishAs(approved)],
    good: [...apart, publishAs(approved)],
    law: OVERLAP,
  }),
  'a changeset that derives wrongly all the same': (dice) => {
    const beat = dice.pick(BEATS);
    return {
      bad: [closeVersions(beat.id), addVersion({ ...beat, boundary: rectangle(beat, 3.5) }), publishAs(approved)],
      good: [...redraw({ ...beat, boundary: rectangle(beat, 4) }), publishAs(approved)],
      law: /^BAD_BOUNDARY WG004 /,
    };
  },
  'a village of a changeset that ends without an heir': (dice) => {
    const { id } = dice.pick(VILLAGES);
    return { bad: [closeVersions(id), publishAs(approved)], law: /^MISSING_PARENT WG003 / };
  },
};
