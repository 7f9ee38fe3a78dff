-- Staffing by those who manage it: who lent a reinforcement, acts that may be asked again, and the duty matrix.

-- Who lent the holder, fixed for the time of the loan, whatever body the person belongs to later.
alter table appointment add column home_body_id uuid references body;
alter table appointment add constraint appointment_lent_only check (home_body_id is null or rank = 'REINFORCEMENT');

-- Whether somebody of that name is filed already.
create index person_version_by_name on person_version (name) where edition_to is null;

-- Someone whose last appointment never began is not filed any more. It looks at all appointments, for whoever ends one
-- may see those of the own area only, and would take an officer out of everybody else's.
create function close_unappointed(ed integer) returns void language plpgsql security definer as $$
declare
  areas text := current_setting('wangge.areas', true);
begin
  perform set_config('wangge.areas', '*', true);
  update person_version p set edition_to = ed where p.edition_to is null
    and p.person_id in (select a.person_id from appointment a where a.edition_to = ed)
    and not exists (select from appointment a where a.person_id = p.person_id and a.edition_to is null);
  perform set_config('wangge.areas', coalesce(areas, ''), true);
end $$;

-- What was done under a key of the client's own, so that a request sent again is answered and not done again. The key
-- is a hash over the one who asked and the text that was sent; the input is a hash too: it may name people.
create table staff_act (
  key_hash   bytea primary key check (length(key_hash) = 32),
  input_hash bytea not null check (length(input_hash) = 32),
  published_in integer not null references edition,
  -- Ids of what the answer shows, and the instant for which it shows them.
  answer     jsonb not null check (jsonb_typeof(answer) = 'object' and length(answer::text) <= 2000)
);
create trigger staff_act_kept before update or delete on staff_act for each row execute function refuse_change();
create trigger staff_act_not_emptied before truncate on staff_act for each statement execute function refuse_change();
grant select, insert on staff_act to wangge_server;
alter table staff_act enable row level security;
alter table staff_act force row level security;
create policy staff_act_by_key on staff_act using ((select sees_something()));

-- Who may do what: role × category, for a tier, an area, both or all. Local practice, and public as the roles are.
create table duty (
  id       bigint generated always as identity primary key,
  role_id  integer not null references role,
  -- * stands for every matter that no row of the role names.
  category text not null check (length(category) between 1 and 64),
  stance   text not null check (stance in ('MAY', 'LEADS', 'SUPPORTS', 'NOT')),
  tier_id  integer references tier,
  -- The grid and all below it.
  grid_id  uuid references grid,
  valid    tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint duty_one_per_instant exclude using gist (
    role_id with =, category with =, coalesce(tier_id, 0) with =,
    coalesce(grid_id, '00000000-0000-0000-0000-000000000000') with =,
    valid with &&, int4range(edition_from, edition_to) with &&)
);
create index duty_opened on duty (edition_from);
create index duty_closed on duty (edition_to) where edition_to is not null;
call keep_dated('duty', true);
call serve_dated('duty', true);

-- As in 0006: the functions mean our own tables, and only what is meant for the server may be called by it.
do $$
declare
  path text;
begin
  select string_agg(distinct format('%I, ', n.nspname), '') into path
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname in ('postgis', 'btree_gist') and n.nspname not in ('public', 'pg_catalog');
  execute format('alter function close_unappointed(integer) set search_path = pg_catalog, public, %spg_temp', coalesce(path, ''));
end $$;
revoke execute on function close_unappointed(integer) from public;
grant execute on function close_unappointed(integer) to wangge_server;
