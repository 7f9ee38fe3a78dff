import { type RawBuilder, sql } from 'kysely';

/** Makes the hashes of all entries from a number on fit, as the database itself would have written them. */
const rehash = (from: number) => sql`do $$
  declare e audit_entry; before bytea;
  begin
    for e in select * from audit_entry where seq >= ${sql.lit(from)} order by seq loop
      select hash into before from audit_entry where seq = e.seq - 1;
      e.prev_hash := coalesce(before, sha256('wangge.audit.1'));
      update audit_entry set prev_hash = e.prev_hash, hash = audit_hash(e) where seq = e.seq;
    end loop;
  end $$`;

const EDITS = ['subject', 'role', 'action', 'object_kind', 'object_id', 'purpose', 'request_id'].flatMap((column) => [
  [`${column} changed`, [sql`update audit_entry set ${sql.id(column)} = 'another' where seq = 20`], 'EDITED'],
  [
    `${column} changed back to what another entry says`,
    [
      sql`update audit_entry set ${sql.id(column)} = (select coalesce(left(${sql.id(column)}, 90), '') || ' ' from audit_entry where seq = 5) where seq = 6`,
    ],
    'EDITED',
  ],
]) as [string, RawBuilder<unknown>[], string][];

/** What a superuser may do to a chain of 60 entries, triggers off, with a kind of fault that must be named. */
export const TAMPERS: [string, RawBuilder<unknown>[], string][] = [
  ...EDITS,
  [
    'purpose: null made empty',
    [sql`update audit_entry set purpose = '' where seq = (select min(seq) from audit_entry where purpose is null)`],
    'EDITED',
  ],
  [
    'purpose: empty made null',
    [
      sql`update audit_entry set purpose = null where seq = (select min(seq) from audit_entry where purpose is not null)`,
    ],
    'EDITED',
  ],
  [
    'the result',
    [sql`update audit_entry set result = case result when 'DONE' then 'READ' else 'DONE' end where seq = 9`],
    'EDITED',
  ],
  [
    'the time, by a microsecond',
    [sql`update audit_entry set at = at + interval '1 microsecond' where seq = 9`],
    'EDITED',
  ],
  [
    'the time, to the end of days',
    [
      sql`alter table audit_entry drop constraint audit_entry_at_check`,
      sql`update audit_entry set at = 'infinity' where seq = 9`,
    ],
    'EDITED',
  ],
  ['the area', [sql`update audit_entry set grid_id = gen_random_uuid() where seq = 9`], 'EDITED'],
  [
    'a value inside the details',
    [sql`update audit_entry set details = jsonb_set(details, '{more}', '1') where seq = 9`],
    'EDITED',
  ],
  [
    'a number inside the details that is equal but not the same',
    [sql`update audit_entry set details = '{"commit": true, "edition": 1.0}' where seq = 9`],
    'EDITED',
  ],
  ['a hash', [sql`update audit_entry set hash = sha256('x') where seq = 9`], 'EDITED'],
  ['the hash before', [sql`update audit_entry set prev_hash = sha256('x') where seq = 9`], 'EDITED'],
  ['the hash of the last', [sql`update audit_entry set hash = sha256('x') where seq = 60`], 'REWRITTEN'],
  ['one deleted', [sql`delete from audit_entry where seq = 30`], 'MISSING'],
  ['the first deleted', [sql`delete from audit_entry where seq = 1`], 'MISSING'],
  ['many deleted', [sql`delete from audit_entry where seq between 10 and 50`], 'MISSING'],
  ['all deleted', [sql`delete from audit_entry`], 'TRUNCATED'],
  ['the end cut off', [sql`delete from audit_entry where seq > 55`], 'TRUNCATED'],
  [
    'two swapped',
    [
      sql`update audit_entry set seq = -1 where seq = 11`,
      sql`update audit_entry set seq = 11 where seq = 44`,
      sql`update audit_entry set seq = 44 where seq = -1`,
    ],
    'SWAPPED',
  ],
  [
    'one put in before the first',
    [
      sql`insert into audit_entry select 0, at, subject, role, action, object_kind, object_id, grid_id, result, purpose, request_id, details, prev_hash, hash from audit_entry where seq = 3`,
    ],
    'OUT_OF_ORDER',
  ],
  [
    'the same number twice',
    [
      sql`alter table audit_entry drop constraint audit_entry_pkey`,
      sql`insert into audit_entry select * from audit_entry where seq = 8`,
    ],
    'OUT_OF_ORDER',
  ],
  [
    'a number taken away',
    [
      sql`alter table audit_entry drop constraint audit_entry_pkey, alter seq drop not null`,
      sql`update audit_entry set seq = null where seq = 8`,
    ],
    'UNNUMBERED',
  ],
  ['a number beyond all others', [sql`update audit_entry set seq = 9223372036854775807 where seq = 8`], 'MISSING'],
  [
    'one put in at the end, past the trigger',
    [
      sql`insert into audit_entry select 61, at, subject, role, action, object_kind, object_id, grid_id, result, purpose, request_id, details, hash, hash from audit_entry where seq = 60`,
    ],
    'EDITED',
  ],
  [
    'one edited and all hashes after it made to fit',
    [sql`update audit_entry set subject = 'nobody' where seq = 2`, rehash(2)],
    'REWRITTEN',
  ],
  [
    'one deleted and all after it renumbered to fit',
    [sql`delete from audit_entry where seq = 2`, ...renumber(), rehash(2)],
    'TRUNCATED',
  ],
];

function renumber(): RawBuilder<unknown>[] {
  return [
    sql`update audit_entry set seq = -seq where seq > 2`,
    sql`update audit_entry set seq = -seq - 1 where seq < 0`,
  ];
}

/** Puts back the constraints that some of them take away. */
export const MENDED = [
  sql`do $$ begin
    if not exists (select from pg_constraint where conname = 'audit_entry_pkey') then
      alter table audit_entry add constraint audit_entry_pkey primary key (seq);
    end if;
    if not exists (select from pg_constraint where conname = 'audit_entry_at_check') then
      alter table audit_entry add constraint audit_entry_at_check check (isfinite(at));
    end if;
  end $$`,
];
