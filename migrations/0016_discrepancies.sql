-- Reports that the registry is wrong at a place, from anybody, and the answers of those who maintain it. There is no
-- column for who reported: the id, which nobody can guess, is all that a reporter keeps.

create table discrepancy (
  id          uuid primary key,
  position    bigint generated always as identity unique,
  kind        text not null check (kind in ('GAP', 'OVERLAP', 'WRONG_OWNER', 'BAD_BOUNDARY')),
  -- The layer it is about; null: the reporter named none.
  layer_id    integer references layer,
  -- On the lattice.
  x           integer not null,
  y           integer not null,
  note        text check (length(note) between 1 and 500),
  -- What the registry said at the place then, layer by layer, in which edition, and to whom the report went.
  edition     integer not null check (edition >= 0),
  grid_id     uuid references grid,
  manager_id  uuid references body,
  found       jsonb not null check (jsonb_typeof(found) = 'array' and length(found::text) <= 20000),
  confirmed   boolean not null,
  -- How often it was reported while it stood open.
  count       integer not null default 1 check (count >= 1),
  reported_at timestamptz not null check (isfinite(reported_at)),
  status      text not null default 'OPEN' check (status in ('OPEN', 'ANSWERED')),
  outcome     text check (outcome in ('FIXED', 'NOT_A_FAULT', 'WILL_FIX')),
  answer      text check (length(answer) between 1 and 500),
  answered_at timestamptz check (isfinite(answered_at)),
  changeset_id uuid references changeset,
  check ((status = 'ANSWERED') = (outcome is not null)),
  check ((status = 'ANSWERED') = (answer is not null)),
  check ((status = 'ANSWERED') = (answered_at is not null)),
  check (changeset_id is null or status = 'ANSWERED')
);
create index discrepancy_by_grid on discrepancy (grid_id, position);
create index discrepancy_by_place on discrepancy (kind, x);

-- Which report a retried request made: a hash of the reporter's own key and of all that was reported.
create table discrepancy_request (
  key_hash       bytea primary key check (length(key_hash) = 32),
  discrepancy_id uuid not null references discrepancy
);

-- Counted and answered, never changed: what was reported stays, and so does an answer that was not only a promise.
create function keep_discrepancy() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  settled boolean := old.status = 'ANSWERED' and old.outcome <> 'WILL_FIX';
begin
  if settled then
    raise exception using errcode = 'WG006',
      message = 'This report has its final answer.',
      hint = 'Report the place again if it is still wrong.';
  end if;
  if (old.id, old.position, old.kind, old.x, old.y, old.edition, old.found, old.confirmed, old.reported_at)
       is not distinct from
     (new.id, new.position, new.kind, new.x, new.y, new.edition, new.found, new.confirmed, new.reported_at)
     and new.layer_id is not distinct from old.layer_id and new.note is not distinct from old.note
     and new.grid_id is not distinct from old.grid_id and new.manager_id is not distinct from old.manager_id
     and new.count >= old.count and (old.status = 'OPEN' or new.status = 'ANSWERED') then
    return new;
  end if;
  raise exception using errcode = 'WG005',
    message = 'What was reported is never changed.',
    hint = 'Answer the report; only its answer can be written.';
end $$;
create trigger discrepancy_answered_only before update on discrepancy for each row execute function keep_discrepancy();
create function refuse_discrepancy_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'WG005',
    message = format('Rows of %s are never deleted.', tg_table_name),
    hint = 'Answer the report.';
end $$;
-- For each statement, so that it refuses as well where row security leaves no row.
create trigger discrepancy_kept before delete or truncate on discrepancy
  for each statement execute function refuse_discrepancy_change();
create trigger discrepancy_request_kept before update or delete or truncate on discrepancy_request
  for each statement execute function refuse_discrepancy_change();

-- A report stays with its grid, and where that has ended goes to those in which it went on, by the lineage: law 3. The
-- grids as they exist at `wangge.now`; of one that ended without an heir there are none.
create function present_grids(grid uuid) returns setof uuid language sql stable as $$
  with recursive step as (
    select grid as id, null::boolean as present
    union
    select case when s.present is null then s.id else l.to_id end,
      case when s.present is null then exists (
        select from public.grid_version v where v.grid_id = s.id and v.edition_to is null
          and v.valid @> to_timestamp(current_setting('wangge.now', true)::double precision / 1000)) end
    from step s left join public.grid_lineage l on s.present is false and l.from_id = s.id
      and l.at <= to_timestamp(current_setting('wangge.now', true)::double precision / 1000)
    where s.present is null or (s.present is false and l.to_id is not null)
  ) select id from step where present
$$;
create function discrepancy_in_areas(grid uuid) returns boolean language plpgsql stable cost 10000 as $$
begin
  if grid is null then
    return false;
  end if;
  if public.grid_in_areas(grid) then
    return true;
  end if;
  if coalesce(current_setting('wangge.now', true), '') !~ '^-?[0-9]{1,14}$' then
    return false;
  end if;
  return exists (select from public.present_grids(grid) as heir where public.grid_in_areas(heir));
end $$;

-- Reports of no grid are seen by whoever sees everything.
alter table discrepancy enable row level security;
alter table discrepancy force row level security;
create policy discrepancy_in_areas on discrepancy
  using ((select sees_everything()) or discrepancy_in_areas(grid_id));
alter table discrepancy_request enable row level security;
alter table discrepancy_request force row level security;
create policy discrepancy_request_seen on discrepancy_request using ((select sees_everything()));

-- Files a report, or counts it on one of the same kind, layer and place of the last day that still waits. `reach_x` and
-- `reach_y` say in steps of the lattice how near the same place is. Reports queue for one lock, and READ COMMITTED is
-- demanded, so that each sees what the one before has written.
create function file_discrepancy(report discrepancy, reach_x integer, reach_y integer, key bytea, out id uuid, out filed boolean)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'A report is filed at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  perform pg_advisory_xact_lock(hashtext('wangge.discrepancy'));
  perform set_config('wangge.areas', '*', true);
  filed := false;
  select r.discrepancy_id into id from public.discrepancy_request r where r.key_hash = key;
  if id is null then
    select d.id into id from public.discrepancy d
    where d.kind = report.kind and d.layer_id is not distinct from report.layer_id
      and d.x between report.x::bigint - reach_x and report.x::bigint + reach_x
      and d.y between report.y::bigint - reach_y and report.y::bigint + reach_y
      and d.grid_id is not distinct from report.grid_id
      and d.reported_at > report.reported_at - interval '24 hours'
      and (d.status = 'OPEN' or d.outcome = 'WILL_FIX')
    order by d.position desc limit 1;
    if id is not null then
      update public.discrepancy d set count = d.count + 1 where d.id = file_discrepancy.id;
    else
      filed := true;
      id := report.id;
      insert into public.discrepancy
        (id, kind, layer_id, x, y, note, edition, grid_id, manager_id, found, confirmed, reported_at)
      values (report.id, report.kind, report.layer_id, report.x, report.y, report.note, report.edition, report.grid_id,
        report.manager_id, report.found, report.confirmed, report.reported_at);
    end if;
    if key is not null then
      insert into public.discrepancy_request (key_hash, discrepancy_id) values (key, file_discrepancy.id);
    end if;
  end if;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
end $$;

-- A report as whoever has its id may read it: without the note, which is for those who maintain the place.
create function read_discrepancy(wanted uuid) returns setof discrepancy
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  report public.discrepancy;
begin
  perform set_config('wangge.areas', '*', true);
  select * into report from public.discrepancy d where d.id = wanted;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  if report.id is not null then
    report.note := null;
    return next report;
  end if;
end $$;

revoke execute on function keep_discrepancy(), refuse_discrepancy_change(),
  file_discrepancy(discrepancy, integer, integer, bytea), read_discrepancy(uuid) from public;
grant execute on function file_discrepancy(discrepancy, integer, integer, bytea), read_discrepancy(uuid) to wangge_server;
revoke all on discrepancy, discrepancy_request from wangge_server;
grant select on discrepancy to wangge_server;
grant update (status, outcome, answer, answered_at, changeset_id) on discrepancy to wangge_server;
