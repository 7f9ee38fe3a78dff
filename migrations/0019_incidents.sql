-- Incidents: matters at places, who answered for them on their day, what was asked of whom and what came of it. There is
-- no column for a party to a matter: people in here are staff, by the id of their registry entry or the name of a login.

create table incident (
  id          uuid primary key,
  -- In the order in which they came.
  position    bigint generated always as identity unique,
  category    text not null check (category ~ '^[a-z][a-z0-9_]{0,63}$'),
  summary     text check (length(summary) between 1 and 200),
  severity    text check (severity ~ '^[a-z][a-z0-9_]{0,31}$'),
  -- REPORTED to us by somebody, FOUND by staff before anybody reported it, PUSHED by another system.
  origin      text not null default 'REPORTED' check (origin in ('REPORTED', 'FOUND', 'PUSHED')),
  language    text check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
  response_class text check (response_class ~ '^[a-z0-9_]{1,16}$'),
  occurred_at timestamptz not null check (isfinite(occurred_at)),
  reported_at timestamptz not null check (isfinite(reported_at)),
  -- Owners are those of this instant in this edition, for ever; of the report until the matter is moved.
  owned_at    timestamptz not null check (isfinite(owned_at)),
  edition     integer not null references edition,
  -- On the lattice. Exact, and shown only to those who handle the matter.
  x           integer not null,
  y           integer not null,
  accuracy_metres real not null check (accuracy_metres >= 0),
  -- GeoJSON of a place that is a polygon or a line.
  area        jsonb check (jsonb_typeof(area) = 'object' and length(area::text) <= 2000000),
  address_id  uuid,
  -- Named ladder of the local practice, and the tier that the matter has reached.
  ladder      text,
  layer       text,
  tier        text,
  -- What was not configured, vacant or near a border, as it was told.
  notices     jsonb not null default '[]' check (jsonb_typeof(notices) = 'array' and length(notices::text) <= 20000),
  status      text not null default 'OPEN' check (status in ('OPEN', 'CLOSED')),
  -- The login that reported it, and the member of staff who found it, where it is known.
  reported_by text not null check (length(reported_by) between 1 and 300),
  finder_id   uuid references person,
  version     integer not null default 0 check (version >= 0),
  outcome     text check (outcome in ('SETTLED', 'UNFOUNDED', 'DUPLICATE', 'HANDED_OVER')),
  result      text check (length(result) between 1 and 500),
  closed_at   timestamptz check (isfinite(closed_at)),
  closed_by   text check (length(closed_by) between 1 and 300),
  closed_tier text,
  check (occurred_at <= reported_at),
  check ((status = 'CLOSED') = (outcome is not null)),
  check ((status = 'CLOSED') = (result is not null)),
  check ((status = 'CLOSED') = (closed_at is not null)),
  check ((status = 'CLOSED') = (closed_by is not null))
);
create index incident_by_time on incident (reported_at, id);
create index incident_open on incident (position) where status = 'OPEN';
create index incident_by_address on incident (address_id, category, reported_at) where address_id is not null;
create index incident_by_reporter on incident (reported_by);
-- For warnings, which look for what happened near by.
create index incident_by_place on incident (y, x);

-- Which grids have to do with an incident: those that own it, those of posts with a task, those it was pushed to. From
-- a version of the incident up to another; an owner that it was moved away from sees it no more.
create table incident_party (
  incident_id  uuid not null references incident,
  grid_id      uuid not null references grid,
  reason       text not null check (reason in ('OWNER', 'TASK', 'PUSH')),
  layer_id     integer not null references layer,
  -- Of a place that is an area: how much of it lies in the grid.
  share        real not null default 1 check (share > 0 and share <= 1),
  from_version integer not null check (from_version >= 1),
  to_version   integer check (to_version > from_version),
  primary key (incident_id, grid_id, reason, from_version)
);
create index incident_party_by_grid on incident_party (grid_id, incident_id) where to_version is null;

-- What only those who handle the matter may read.
create table incident_sealed (
  incident_id uuid primary key references incident,
  narrative   text not null check (length(narrative) between 1 and 4000)
);

-- Which report a retried request made: a hash over the reporter, the reporter's own key and all that was reported.
create table incident_request (
  key_hash    bytea primary key check (length(key_hash) = 32),
  input_hash  bytea not null check (length(input_hash) = 32),
  incident_id uuid not null references incident
);

-- The trail: everything that ever happened to an incident, 1, 2, 3 … without a hole, and never changed. Feeds read it.
create table incident_event (
  id          uuid primary key,
  incident_id uuid not null references incident,
  version     integer not null check (version >= 1),
  kind        text not null check (kind in ('REPORTED', 'ENTERED', 'LEFT', 'ASSIGNED', 'CHANGED', 'ESCALATED', 'CLOSED')),
  -- What was done, finer than the kind: TASK_ACKNOWLEDGED, ATTEMPT, MOVED …
  act         text not null check (act ~ '^[A-Z][A-Z_]{1,40}$'),
  at          timestamptz not null check (isfinite(at)),
  by          text not null check (length(by) between 1 and 300),
  -- Grids that owned it when this was done: for the feeds of areas.
  grid_ids    uuid[] not null,
  details     jsonb not null default '{}' check (jsonb_typeof(details) = 'object' and length(details::text) <= 8000),
  unique (incident_id, version)
);
create index incident_event_by_time on incident_event (at);

create table task (
  id          uuid primary key,
  position    bigint generated always as identity unique,
  incident_id uuid not null references incident,
  purpose     text not null check (purpose in ('HANDLE', 'JOINT', 'MEDIATE', 'ATTEND', 'SUPERVISE', 'FOLLOW_UP', 'RECHECK', 'WARNING', 'NOTICE')),
  cause       text not null check (cause in ('ROUTE', 'LADDER', 'WARNING', 'OVERDUE', 'FOLLOW_UP', 'HAND')),
  -- A post is named by role and grid, so that a task outlives the one who holds it; `post_id` as it was at the time.
  post_id     text not null check (length(post_id) between 1 and 200),
  role        text not null,
  grid_id     uuid not null references grid,
  layer       text not null,
  tier        text not null,
  -- Tasks issued together to several recipients.
  batch_id    uuid,
  -- The task that this one watches or follows.
  about_id    uuid references task,
  note        text check (length(note) between 1 and 500),
  status      text not null default 'ISSUED' check (status in ('ISSUED', 'ACKNOWLEDGED', 'HANDLED', 'VERIFIED', 'CLOSED', 'DECLINED', 'WITHDRAWN')),
  issued_at   timestamptz not null check (isfinite(issued_at)),
  issued_by   text not null,
  due_at      timestamptz check (isfinite(due_at)),
  -- Not before then is it anybody's turn: a visit two weeks later.
  starts_at   timestamptz check (isfinite(starts_at)),
  acknowledged_at timestamptz,
  acknowledged_by text,
  arrived_at  timestamptz,
  handled_at  timestamptz,
  handled_by  text,
  -- The member of staff who handled it and the unit that lent or has him or her, where the login says who it is.
  handler_id  uuid references person,
  handler_body_id uuid references body,
  result      text check (result in ('DONE', 'FAILED')),
  answer      text check (length(answer) between 1 and 500),
  verified_at timestamptz,
  verified_by text,
  closed_at   timestamptz,
  closed_by   text,
  ended_reason text check (length(ended_reason) between 1 and 500),
  -- "Not ours": the grid whose it is, as whoever declined it said.
  belongs_to  uuid references grid,
  -- When the supervisor was told that it is late.
  overdue_at  timestamptz,
  check (status in ('ISSUED', 'DECLINED', 'WITHDRAWN') or (acknowledged_at is not null and acknowledged_by is not null)),
  check (status not in ('HANDLED', 'VERIFIED', 'CLOSED') or (handled_at is not null and handled_by is not null and result is not null)),
  check (status not in ('VERIFIED', 'CLOSED') or (verified_at is not null and verified_by is not null)),
  check (status <> 'CLOSED' or (closed_at is not null and closed_by is not null)),
  check (status not in ('DECLINED', 'WITHDRAWN') or ended_reason is not null),
  check (verified_by <> handled_by)
);
create index task_of_incident on task (incident_id);
create index task_by_grid on task (grid_id, position);
create index task_by_post on task (post_id, position);
create index task_due on task (due_at) where status in ('ISSUED', 'ACKNOWLEDGED') and overdue_at is null;

create table mediation_attempt (
  incident_id uuid not null references incident,
  number      integer not null check (number >= 1),
  at          timestamptz not null check (isfinite(at)),
  task_id     uuid not null references task,
  by          text not null,
  mediator_id uuid references person,
  result      text not null check (result in ('FAILED', 'SETTLED')),
  -- Where the agreement lies: a number of the local archive, not its text.
  agreement   text check (length(agreement) between 1 and 100),
  note        text check (length(note) between 1 and 500),
  primary key (incident_id, number),
  check ((result = 'SETTLED') or agreement is null)
);

-- Between the bodies of two layers, as police and governance: pushed, acknowledged, answered.
create table incident_push (
  id          uuid primary key,
  position    bigint generated always as identity unique,
  incident_id uuid not null references incident,
  from_layer  text not null,
  from_grid_id uuid not null references grid,
  to_layer    text not null check (to_layer <> from_layer),
  to_grid_id  uuid not null references grid,
  message     text check (length(message) between 1 and 500),
  sent_at     timestamptz not null check (isfinite(sent_at)),
  sent_by     text not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  answered_at timestamptz,
  answered_by text,
  answer      text check (length(answer) between 1 and 500),
  check ((answered_at is null) = (answer is null)),
  check (answered_at is null or acknowledged_at is not null)
);
-- The same push again, while nobody answered, is the same push.
create unique index incident_push_once on incident_push (incident_id, from_layer, to_layer) where answered_at is null;
create index incident_push_waiting on incident_push (to_grid_id) where answered_at is null;

-- Disputes that hang together: ROOT is what the incident came out of.
create table incident_link (
  incident_id uuid not null references incident,
  other_id    uuid not null references incident check (other_id <> incident_id),
  kind        text not null check (kind in ('ROOT', 'RELATED')),
  linked_at   timestamptz not null,
  linked_by   text not null,
  primary key (incident_id, other_id)
);
create index incident_link_back on incident_link (other_id);

create trigger incident_kept before delete on incident for each row execute function refuse_change();
create trigger incident_party_kept before delete on incident_party for each row execute function refuse_change();
create trigger task_kept before delete on task for each row execute function refuse_change();
create trigger incident_push_kept before delete on incident_push for each row execute function refuse_change();
create trigger incident_sealed_kept before update or delete on incident_sealed for each row execute function refuse_change();
create trigger incident_request_kept before update or delete on incident_request for each row execute function refuse_change();
create trigger incident_event_kept before update or delete on incident_event for each row execute function refuse_change();
create trigger mediation_attempt_kept before update or delete on mediation_attempt for each row execute function refuse_change();
create trigger incident_link_kept before update on incident_link for each row execute function refuse_change();
do $$
declare
  t text;
begin
  foreach t in array array['incident', 'incident_party', 'incident_sealed', 'incident_request', 'incident_event', 'task',
                           'mediation_attempt', 'incident_push', 'incident_link'] loop
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()', t || '_not_emptied', t);
  end loop;
end $$;

-- Each event takes the next version of its incident: dense, in order, and one writer at a time for each incident.
create function count_incident_event() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  -- Assigned, because a statement of its own takes ten times as long.
  shown text := set_config('wangge.areas', '*', true);
begin
  update public.incident i set version = new.version where i.id = new.incident_id and i.version = new.version - 1;
  if not found then
    raise exception using errcode = 'WG006',
      message = 'Somebody else changed this incident in between.',
      hint = 'Read it again and retry.';
  end if;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return new;
end $$;
create trigger incident_event_counted before insert on incident_event for each row execute function count_incident_event();

-- What was reported stays as it was, and what is closed stays closed, verified.
create function keep_incident() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  waits boolean;
  ended boolean;
begin
  if (new.id, new.position, new.category, new.origin, new.occurred_at, new.reported_at, new.x, new.y, new.accuracy_metres, new.reported_by)
       is distinct from
     (old.id, old.position, old.category, old.origin, old.occurred_at, old.reported_at, old.x, old.y, old.accuracy_metres, old.reported_by)
     or new.summary is distinct from old.summary or new.area is distinct from old.area
     or new.address_id is distinct from old.address_id or new.finder_id is distinct from old.finder_id
     or new.version < old.version then
    raise exception using errcode = 'WG005',
      message = 'What was reported is never changed.',
      hint = 'Move the incident, grade it or write an event.';
  end if;
  if old.status = 'CLOSED' and (new.status, new.outcome, new.result, new.closed_at, new.closed_by, new.closed_tier,
         new.edition, new.owned_at, new.severity, new.ladder, new.layer, new.tier)
       is distinct from (old.status, old.outcome, old.result, old.closed_at, old.closed_by, old.closed_tier,
         old.edition, old.owned_at, old.severity, old.ladder, old.layer, old.tier) then
    raise exception using errcode = 'WG006',
      message = 'This incident is closed.',
      hint = 'Report a new one and link it.';
  end if;
  if old.status = 'OPEN' and new.status = 'CLOSED' then
    perform set_config('wangge.areas', '*', true);
    select exists (select from public.task t where t.incident_id = new.id
        and t.status not in ('CLOSED', 'DECLINED', 'WITHDRAWN') and t.purpose not in ('FOLLOW_UP', 'RECHECK')),
      exists (select from public.task t where t.incident_id = new.id and t.status = 'CLOSED')
      into waits, ended;
    perform set_config('wangge.areas', coalesce(areas, ''), true);
    if waits or (new.outcome = 'SETTLED' and not ended) then
      raise exception using errcode = 'WG006',
        message = 'An incident is settled only when all of its tasks are verified and closed.',
        hint = 'Verify what was handled first; `tasks` of the incident says what waits.';
    end if;
  end if;
  return new;
end $$;
create trigger incident_keeps before update on incident for each row execute function keep_incident();

-- A task goes its way step by step: nothing is closed that nobody verified.
create function keep_task() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (new.id, new.position, new.incident_id, new.purpose, new.cause, new.post_id, new.role, new.grid_id, new.issued_at, new.issued_by)
       is distinct from
     (old.id, old.position, old.incident_id, old.purpose, old.cause, old.post_id, old.role, old.grid_id, old.issued_at, old.issued_by) then
    raise exception using errcode = 'WG005', message = 'A task that was issued is never changed.', hint = 'Issue another.';
  end if;
  if old.status in ('CLOSED', 'DECLINED', 'WITHDRAWN') and to_jsonb(new) - 'overdue_at' <> to_jsonb(old) - 'overdue_at' then
    raise exception using errcode = 'WG006',
      message = format('A task that is %s stays as it is.', old.status),
      hint = 'Issue another.';
  end if;
  if new.status <> old.status and old.status || '>' || new.status <> all (array[
       'ISSUED>ACKNOWLEDGED', 'ISSUED>DECLINED', 'ISSUED>WITHDRAWN', 'ACKNOWLEDGED>HANDLED', 'ACKNOWLEDGED>DECLINED',
       'ACKNOWLEDGED>WITHDRAWN', 'HANDLED>VERIFIED', 'HANDLED>ACKNOWLEDGED', 'HANDLED>WITHDRAWN', 'VERIFIED>CLOSED']) then
    raise exception using errcode = 'WG006',
      message = format('A task that is %s does not become %s.', old.status, new.status),
      hint = 'It goes from issued to acknowledged, handled, verified and closed.';
  end if;
  return new;
end $$;
create trigger task_keeps before update on task for each row execute function keep_task();

-- A task begins as issued; of a closed incident only those who look again get one, and who watches that they do.
create function begin_task() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
  closed boolean;
begin
  select i.status = 'CLOSED' into closed from public.incident i where i.id = new.incident_id;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  if new.status <> 'ISSUED' or (closed and new.purpose not in ('FOLLOW_UP', 'RECHECK', 'SUPERVISE')) then
    raise exception using errcode = 'WG006',
      message = 'A task begins as issued, and while its incident is open.',
      hint = 'After the end, issue FOLLOW_UP or RECHECK; or report a new incident and link it.';
  end if;
  return new;
end $$;
create trigger task_begins before insert on task for each row execute function begin_task();

-- Attempts keep their order, success is the last, and whoever found the matter never mediates it.
create function keep_attempt() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
  last record;
  found_it boolean;
  fits boolean;
begin
  perform from public.incident i where i.id = new.incident_id for update;
  select a.number, a.result into last from public.mediation_attempt a
    where a.incident_id = new.incident_id order by a.number desc limit 1;
  select i.finder_id is not distinct from new.mediator_id and new.mediator_id is not null
      or (i.origin = 'FOUND' and i.reported_by = new."by") into found_it
    from public.incident i where i.id = new.incident_id;
  -- The attempt that settles it handles its task in the same act.
  select t.purpose = 'MEDIATE' and i.status = 'OPEN'
      and (t.status = 'ACKNOWLEDGED' or (t.status = 'HANDLED' and new.result = 'SETTLED')) into fits
    from public.task t join public.incident i on i.id = t.incident_id
    where t.id = new.task_id and t.incident_id = new.incident_id;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  if fits is not true then
    raise exception using errcode = 'WG006',
      message = 'An attempt belongs to an acknowledged task to mediate, of an open incident.',
      hint = 'Acknowledge the task first.';
  end if;
  if new.number <> coalesce(last.number, 0) + 1 or last.result = 'SETTLED' then
    raise exception using errcode = 'WG006',
      message = 'Attempts follow one another, and none follows the one that settled the matter.',
      hint = 'Read the incident again.';
  end if;
  if found_it then
    raise exception using errcode = 'WG006',
      message = 'Whoever found a matter does not mediate it.',
      hint = 'Another mediator records the attempt.';
  end if;
  return new;
end $$;
create trigger mediation_attempt_judged before insert on mediation_attempt for each row execute function keep_attempt();

-- The grids of the areas at `wangge.now`, all below them, and those that ended and went on in one of them. Policies ask
-- it once for a statement, not once for a row.
create function area_grids() returns setof uuid language plpgsql stable as $$
declare
  instant timestamptz;
begin
  if coalesce(current_setting('wangge.areas', true), '') in ('', '*')
     or coalesce(current_setting('wangge.now', true), '') !~ '^-?[0-9]{1,14}$' then
    return;
  end if;
  instant := to_timestamp(current_setting('wangge.now', true)::double precision / 1000);
  return query
    with recursive below as (
      select v.grid_id as id from public.grid_version v
      where v.grid_id::text = any (string_to_array(current_setting('wangge.areas', true), ','))
        and v.edition_to is null and v.valid @> instant
      union
      select v.grid_id from public.grid_version v join below on v.parent_id = below.id
      where v.edition_to is null and v.valid @> instant
    ), heir_of as (
      select b.id from below b
      union
      select l.from_id from heir_of h join public.grid_lineage l on l.to_id = h.id and l.at <= instant
      where not exists (select from public.grid_version v where v.grid_id = l.from_id and v.edition_to is null and v.valid @> instant)
    ) select h.id from heir_of h;
end $$;

do $$
declare
  t text;
begin
  foreach t in array array['incident', 'incident_party', 'incident_sealed', 'incident_request', 'incident_event', 'task',
                           'mediation_attempt', 'incident_push', 'incident_link'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- `wangge.login` is who asks, `wangge.unsealed` the one incident that was unsealed for it. What anybody reported may be
-- read again by the same login.
-- The grids of the areas stand in an array where an index serves: of an incident, of a task, of who reported it. Behind an
-- OR no index serves, so that whole tables would be read to find what an area has to do with.

-- A grid that has nothing to do with a matter is not told that it exists. Whoever writes may write a party or task for a
-- grid of others: a matter is handed on to them.
create policy incident_party_in_areas on incident_party for select
  using ((select sees_everything()) or grid_id in (select area_grids()));
create policy incident_party_added on incident_party for insert with check ((select sees_something()));
create policy incident_party_ended on incident_party for update using ((select sees_something()));

create policy incident_in_areas on incident for select
  using ((select sees_everything()) or reported_by = current_setting('wangge.login', true)
    or exists (select from incident_party p where p.incident_id = id and p.to_version is null
      and p.grid_id = any (array(select area_grids()))));
create policy incident_filed on incident for insert with check ((select sees_something()));
create policy incident_changed on incident for update
  using ((select sees_everything()) or exists (select from incident_party p where p.incident_id = id and p.to_version is null
    and p.grid_id = any (array(select area_grids()))))
  with check ((select sees_something()));

create policy incident_unsealed on incident_sealed for select
  using (incident_id::text = coalesce(current_setting('wangge.unsealed', true), ''));
create policy incident_sealed_filed on incident_sealed for insert with check ((select sees_something()));

create policy incident_request_seen on incident_request using ((select sees_everything()));

-- What belongs to an incident is seen with it.
do $$
declare
  seen constant text := 'exists (select from incident_party p where p.incident_id = %1$I.%2$I and p.to_version is null
      and p.grid_id = any (array(select area_grids())))
    or exists (select from incident i where i.id = %1$I.%2$I and i.reported_by = current_setting(''wangge.login'', true))';
begin
  execute format('create policy incident_event_in_areas on incident_event for select using ((select sees_everything()) or '
    || seen || ')', 'incident_event', 'incident_id');
  execute format('create policy mediation_attempt_in_areas on mediation_attempt for select using ((select sees_everything()) or '
    || seen || ')', 'mediation_attempt', 'incident_id');
  execute format('create policy task_in_areas on task for select using ((select sees_everything())
    or grid_id in (select area_grids()) or ' || seen || ')', 'task', 'incident_id');
  execute format('create policy incident_push_in_areas on incident_push for select using ((select sees_everything())
    or from_grid_id in (select area_grids()) or to_grid_id in (select area_grids()) or ' || seen || ')', 'incident_push', 'incident_id');
  execute format('create policy incident_link_in_areas on incident_link for select using ((select sees_everything()) or '
    || format(seen, 'incident_link', 'incident_id') || ' or ' || format(seen, 'incident_link', 'other_id') || ')');
end $$;

create policy incident_event_added on incident_event for insert with check ((select sees_something()));
create policy mediation_attempt_added on mediation_attempt for insert with check ((select sees_something()));
create policy incident_link_added on incident_link for insert with check ((select sees_something()));
create policy task_issued on task for insert with check ((select sees_something()));
create policy task_went_on on task for update
  using ((select sees_everything()) or grid_id in (select area_grids())
    or exists (select from incident_party p where p.incident_id = task.incident_id and p.to_version is null
      and p.grid_id = any (array(select area_grids()))))
  with check ((select sees_something()));
create policy incident_push_sent on incident_push for insert with check ((select sees_something()));
create policy incident_push_answered on incident_push for update
  using ((select sees_everything()) or from_grid_id in (select area_grids()) or to_grid_id in (select area_grids()));

-- Owners of incidents, for whoever sees these incidents: row security shows of their parties those of the own area only,
-- and whoever is asked to do something at a matter may know whose it is. What is seen is judged as the caller, first.
create function incident_owners(ids uuid[]) returns setof incident_party language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  areas text := current_setting('wangge.areas', true);
  seen uuid[] := array(select i.id from public.incident i where i.id = any (ids));
  shown text := set_config('wangge.areas', '*', true);
begin
  return query select p.* from public.incident_party p
    where p.incident_id = any (seen) and p.to_version is null and p.reason = 'OWNER';
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
end $$;

-- The three below do in one statement what took ten to twenty. Each of those was planned anew with all the policies of its
-- tables, for longer than it ran; in here plans are kept. All rights and policies are the caller's.

-- Locks an incident to the end of the transaction, named by itself or by a task of it; null for one that the caller does
-- not see or may not act on: it was reported from there and is with others. `seen`: the parties that the areas of the
-- caller show. `present`: the grids in which that of the task goes on. From then on the transaction sees everything.
create function open_incident(incident uuid, task uuid) returns jsonb language plpgsql as $$
declare
  named uuid := incident;
  grid uuid;
  seen jsonb;
  -- For all of the transaction: what is read by one id runs for 1 ms, and to plan it anew by the statistics takes 4.
  shown text := set_config('plan_cache_mode', 'force_generic_plan', true);
begin
  if task is not null then
    select t.incident_id, t.grid_id into named, grid from public.task t where t.id = task;
  end if;
  perform from public.incident i where i.id = named for no key update;
  if not found then
    return null;
  end if;
  -- Its own statement: while it waited for the lock, the incident may have been moved away.
  select jsonb_agg(jsonb_build_object('gridId', p.grid_id, 'reason', p.reason)) into seen
    from public.incident_party p where p.incident_id = named and p.to_version is null;
  if seen is null then
    return null;
  end if;
  shown := set_config('wangge.areas', '*', true);
  return jsonb_build_object('id', named, 'seen', seen,
    'present', array(select h from public.present_grids(grid) h where grid is not null order by h));
end $$;

-- Files a report in version 1, or 2 with tasks, each part as rows of its table. Gives what only the database knows: its
-- position, the accuracy as it is kept, and of the grids of tasks the layers.
create function file_incident(report jsonb) returns jsonb language plpgsql as $$
declare
  filed uuid := report->'incident'->>'id';
  place bigint;
  parties jsonb := '[]';
begin
  insert into public.incident (id, category, summary, severity, origin, language, response_class, occurred_at, reported_at,
      owned_at, edition, x, y, accuracy_metres, area, address_id, ladder, layer, tier, notices, reported_by, finder_id)
    select n.id, n.category, n.summary, n.severity, n.origin, n.language, n.response_class, n.occurred_at, n.reported_at,
      n.owned_at, n.edition, n.x, n.y, n.accuracy_metres, n.area, n.address_id, n.ladder, n.layer, n.tier, n.notices,
      n.reported_by, n.finder_id
    from jsonb_populate_record(null::public.incident, report->'incident') n;
  place := currval('public.incident_position_seq');
  if report->>'narrative' is not null then
    insert into public.incident_sealed (incident_id, narrative) values (filed, report->>'narrative');
  end if;
  if jsonb_array_length(report->'tasks') > 0 then
    perform public.issue_tasks(report->'tasks');
    select jsonb_agg(jsonb_build_object('gridId', g.id, 'layerId', g.layer_id)) into parties from public.grid g
      where g.id = any (array(select (t->>'grid_id')::uuid from jsonb_array_elements(report->'tasks') t));
  end if;
  insert into public.incident_party (incident_id, grid_id, reason, layer_id, share, from_version)
    select filed, o.grid_id, 'OWNER', o.layer_id, o.share, 1
      from jsonb_populate_recordset(null::public.incident_party, report->'owners') o
    union all select filed, (g->>'gridId')::uuid, 'TASK', (g->>'layerId')::integer, 1, 1 from jsonb_array_elements(parties) g;
  perform public.add_incident_events(report->'events');
  return jsonb_build_object('position', place, 'taskParties', parties,
    'accuracyMetres', (report->'incident'->>'accuracy_metres')::real);
end $$;

-- Writes a change of an incident, the rows of each table under its name: new ones under `added`, the others under
-- `changed`. What is left out stays.
create function write_incident(events jsonb, added jsonb, changed jsonb) returns void language plpgsql as $$
begin
  perform public.add_incident_events(events);
  if changed ? 'incident_party' then
    update public.incident_party p set to_version = n.to_version
      from jsonb_populate_recordset(null::public.incident_party, changed->'incident_party') n
      where p.incident_id = n.incident_id and p.grid_id = n.grid_id and p.reason = n.reason and p.to_version is null;
  end if;
  if added ? 'incident_party' then
    insert into public.incident_party (incident_id, grid_id, reason, layer_id, share, from_version)
      select n.incident_id, n.grid_id, n.reason, n.layer_id, n.share, n.from_version
      from jsonb_populate_recordset(null::public.incident_party, added->'incident_party') n;
  end if;
  if added ? 'task' then
    perform public.issue_tasks(added->'task');
  end if;
  if changed ? 'task' then
    update public.task t set status = n.status, acknowledged_at = n.acknowledged_at, acknowledged_by = n.acknowledged_by,
        arrived_at = n.arrived_at, handled_at = n.handled_at, handled_by = n.handled_by, handler_id = n.handler_id,
        handler_body_id = n.handler_body_id, result = n.result, answer = n.answer, verified_at = n.verified_at,
        verified_by = n.verified_by, closed_at = n.closed_at, closed_by = n.closed_by, ended_reason = n.ended_reason,
        belongs_to = n.belongs_to, overdue_at = n.overdue_at
      from jsonb_populate_recordset(null::public.task, changed->'task') n where t.id = n.id;
  end if;
  if added ? 'mediation_attempt' then
    insert into public.mediation_attempt (incident_id, number, at, task_id, "by", mediator_id, result, agreement, note)
      select n.incident_id, n.number, n.at, n.task_id, n."by", n.mediator_id, n.result, n.agreement, n.note
      from jsonb_populate_recordset(null::public.mediation_attempt, added->'mediation_attempt') n order by n.number;
  end if;
  if changed ? 'incident_push' then
    update public.incident_push u set acknowledged_at = n.acknowledged_at, acknowledged_by = n.acknowledged_by,
        answered_at = n.answered_at, answered_by = n.answered_by, answer = n.answer
      from jsonb_populate_recordset(null::public.incident_push, changed->'incident_push') n where u.id = n.id;
  end if;
  if added ? 'incident_push' then
    insert into public.incident_push (id, incident_id, from_layer, from_grid_id, to_layer, to_grid_id, message, sent_at,
        sent_by, acknowledged_at, acknowledged_by, answered_at, answered_by, answer)
      select n.id, n.incident_id, n.from_layer, n.from_grid_id, n.to_layer, n.to_grid_id, n.message, n.sent_at,
        n.sent_by, n.acknowledged_at, n.acknowledged_by, n.answered_at, n.answered_by, n.answer
      from jsonb_populate_recordset(null::public.incident_push, added->'incident_push') with ordinality n
      order by n.ordinality;
  end if;
  if added ? 'incident_link' then
    insert into public.incident_link (incident_id, other_id, kind, linked_at, linked_by)
      select n.incident_id, n.other_id, n.kind, n.linked_at, n.linked_by
      from jsonb_populate_recordset(null::public.incident_link, added->'incident_link') n on conflict do nothing;
  end if;
  -- Last, because nothing closes while a task waits.
  if changed ? 'incident' then
    update public.incident i set severity = n.severity, owned_at = n.owned_at, edition = n.edition, ladder = n.ladder,
        layer = n.layer, tier = n.tier, notices = n.notices, status = n.status, outcome = n.outcome, result = n.result,
        closed_at = n.closed_at, closed_by = n.closed_by, closed_tier = n.closed_tier
      from jsonb_populate_recordset(null::public.incident, changed->'incident') n where i.id = n.id;
  end if;
end $$;

create function add_incident_events(rows jsonb) returns void language plpgsql as $$
begin
  insert into public.incident_event (id, incident_id, version, kind, act, at, "by", grid_ids, details)
    select n.id, n.incident_id, n.version, n.kind, n.act, n.at, n."by", n.grid_ids, n.details
    from jsonb_populate_recordset(null::public.incident_event, rows) n order by n.version;
end $$;

-- In the order of the rows.
create function issue_tasks(rows jsonb) returns void language plpgsql as $$
begin
  insert into public.task (id, incident_id, purpose, cause, post_id, role, grid_id, layer, tier, batch_id, about_id, note,
      status, issued_at, issued_by, due_at, starts_at, acknowledged_at, acknowledged_by, arrived_at, handled_at, handled_by,
      handler_id, handler_body_id, result, answer, verified_at, verified_by, closed_at, closed_by, ended_reason, belongs_to,
      overdue_at)
    select n.id, n.incident_id, n.purpose, n.cause, n.post_id, n.role, n.grid_id, n.layer, n.tier, n.batch_id, n.about_id,
      n.note, n.status, n.issued_at, n.issued_by, n.due_at, n.starts_at, n.acknowledged_at, n.acknowledged_by, n.arrived_at,
      n.handled_at, n.handled_by, n.handler_id, n.handler_body_id, n.result, n.answer, n.verified_at, n.verified_by,
      n.closed_at, n.closed_by, n.ended_reason, n.belongs_to, n.overdue_at
    from jsonb_populate_recordset(null::public.task, rows) with ordinality n order by n.ordinality;
end $$;

revoke execute on function count_incident_event(), keep_incident(), keep_attempt(), begin_task() from public;
revoke all on incident, incident_party, incident_sealed, incident_request, incident_event, task, mediation_attempt,
  incident_push, incident_link from wangge_server;
grant select, insert on incident, incident_party, incident_sealed, incident_request, incident_event, task, mediation_attempt,
  incident_push, incident_link to wangge_server;
grant select on sequence incident_position_seq to wangge_server;
grant update (severity, owned_at, edition, ladder, layer, tier, notices, status, outcome, result, closed_at, closed_by, closed_tier) on incident to wangge_server;
grant update (to_version) on incident_party to wangge_server;
grant update (status, acknowledged_at, acknowledged_by, arrived_at, handled_at, handled_by, handler_id, handler_body_id, result, answer,
  verified_at, verified_by, closed_at, closed_by, ended_reason, belongs_to, overdue_at) on task to wangge_server;
grant update (acknowledged_at, acknowledged_by, answered_at, answered_by, answer) on incident_push to wangge_server;
