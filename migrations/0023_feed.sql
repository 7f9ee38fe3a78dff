-- The feed: one log of what happened, in the order in which it was committed. Whoever changes something writes to the
-- outbox in the same transaction; one sequencer moves it from there into the log and numbers it 1, 2, 3 … without a hole.
-- A serial number given by the writers would not do: who began first may commit last, and a reader who saw the later
-- number has passed the earlier one for ever.

-- One row. Cursors name the epoch, so that none of another log is taken for one of this.
create table feed_state (
  only_one       boolean primary key default true check (only_one),
  epoch          uuid not null default gen_random_uuid(),
  -- Signs cursors; the same on all servers of the database.
  signing_key    bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')),
  last_position  bigint not null default 0,
  -- Everything up to here was purged.
  purged_through bigint not null default 0,
  -- Which cluster wrote the log last: another one has restored it.
  cluster        text
);
insert into feed_state default values;

create table feed_outbox (
  -- By which writers of one incident, and whoever begins after another was acknowledged, stand in their order.
  id       bigint generated always as identity primary key,
  event_id uuid not null,
  topic    text not null,
  kind     text not null,
  subject  text not null,
  version  integer not null,
  category text,
  at       timestamptz not null,
  area_ids uuid[] not null,
  payload  jsonb not null
);

create table feed_event (
  position     bigint primary key check (position >= 1),
  -- Readers tell by it that they have the event already.
  event_id     uuid not null unique,
  -- KEY tells servers that a key was revoked, at its place between the events.
  topic        text not null check (topic in ('INCIDENT', 'BOUNDARY', 'OWNERSHIP', 'KEY')),
  kind         text not null check (kind ~ '^[A-Z][A-Z_]{1,40}$'),
  -- What it is about: the id of an incident or key, the number of an edition.
  subject      text not null check (length(subject) between 1 and 100),
  version      integer not null check (version >= 0),
  category     text,
  at           timestamptz not null,
  sequenced_at timestamptz not null default clock_timestamp(),
  -- Every grid that was told: those that it is about and all above them on that day, in order.
  area_ids     uuid[] not null,
  payload      jsonb not null check (jsonb_typeof(payload) = 'object')
);
-- Purging goes by time.
create index feed_event_by_time on feed_event (sequenced_at);

create function keep_feed() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and old.position <= (select s.purged_through from public.feed_state s) then
    return old;
  end if;
  raise exception using errcode = 'WG005',
    message = 'Events of the feed are never changed, and deleted only when their time is over.',
    hint = 'Write another event.';
end $$;
create trigger feed_event_kept before update or delete on feed_event for each row execute function keep_feed();
create trigger feed_event_not_emptied before truncate on feed_event for each statement execute function refuse_change();
create trigger feed_state_kept before delete or truncate on feed_state for each statement execute function refuse_change();

-- Moves at most so many events from the outbox to the log; gives how many, or -1 where another sequencer is at it. One
-- statement by itself, so that a server that is stopped in between holds neither the lock nor the order: the database
-- ends it alone. Only here is anybody notified, once a batch: a NOTIFY of each writer would make them queue for one lock.
create function sequence_feed(most integer) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  last bigint;
  moved integer;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'The feed is sequenced at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  -- Asked many times a second: where nothing waits it writes nothing, not even the lock of a row.
  if not exists (select from public.feed_outbox) then
    return 0;
  end if;
  if not pg_try_advisory_xact_lock(hashtext('wangge.feed')) then
    return -1;
  end if;
  -- Its own statement, after the lock: it sees whatever another sequencer wrote before.
  select s.last_position into last from public.feed_state s for update;
  with batch as (
    delete from public.feed_outbox o where o.id = any (array(select f.id from public.feed_outbox f order by f.id limit most))
    returning o.*
  )
  insert into public.feed_event (position, event_id, topic, kind, subject, version, category, at, area_ids, payload)
    select last + row_number() over (order by b.id), b.event_id, b.topic, b.kind, b.subject, b.version, b.category, b.at,
      b.area_ids, b.payload
    from batch b;
  get diagnostics moved = row_count;
  if moved > 0 then
    update public.feed_state set last_position = last + moved;
    perform pg_notify('wangge_feed', '');
  end if;
  return moved;
end $$;

-- Deletes events that were sequenced before, at most so many, oldest first; never the newest, by which a restore is
-- noticed. Gives how many.
create function purge_feed(before timestamptz, most integer) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
  through bigint;
  gone integer := 0;
begin
  perform from public.feed_state s for update;
  select max(e.position) into through from (
    select f.position from public.feed_event f, public.feed_state s
    where f.sequenced_at < before and f.position < s.last_position
      -- Not beyond the first that is to be kept, whatever its clock said.
      and f.position < coalesce((select min(k.position) from public.feed_event k where k.sequenced_at >= before), s.last_position)
    order by f.position limit most
  ) e;
  if through is not null then
    update public.feed_state set purged_through = through;
    delete from public.feed_event f where f.position <= through;
    get diagnostics gone = row_count;
  end if;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return gone;
end $$;

-- Begins another epoch where another cluster wrote the log last, or where it is asked for: cursors given out before are
-- refused from then on. Gives the epoch.
create function open_feed(renew boolean) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  here text := (select c.system_identifier::text from pg_control_system() c);
  state record;
begin
  select s.* into state from public.feed_state s for update;
  if renew or state.cluster is distinct from here then
    update public.feed_state set cluster = here,
      epoch = case when renew or state.cluster is not null then gen_random_uuid() else state.epoch end
      returning * into state;
  end if;
  return state.epoch;
end $$;

-- The grids and all above them at the instant, in the current edition; of one that has ended those it went on in.
create function areas_of(grids uuid[], instant timestamptz) returns uuid[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return array(
    with recursive told as (
      select g as id from unnest(grids) g
      union
      select n.id from told t cross join lateral (
        select v.parent_id as id from public.grid_version v
        where v.grid_id = t.id and v.edition_to is null and v.valid @> instant and v.parent_id is not null
        union all
        select l.to_id from public.grid_lineage l where l.from_id = t.id and l.at <= instant
          and not exists (select from public.grid_version v
            where v.grid_id = t.id and v.edition_to is null and v.valid @> instant)
      ) n
    ) select t.id from told t order by t.id);
end $$;

-- Which grids are told of an incident: its owners and all above them, of the day when it was reported or came there.
alter table incident add column area_ids uuid[] not null default '{}';
-- By which edition and instant it was found who is told. Kept for each incident and not for all of them: one that was
-- reported while the tree changed may appear after everybody else was looked at.
alter table incident add column told_edition integer not null default 0, add column told_at timestamptz not null default '-infinity';
-- And which of them were told of this event; null for those of before there was a feed.
alter table incident_event add column area_ids uuid[];

-- Each event takes the next version of its incident and goes to the outbox, with the incident as it then was. Those who
-- hear of it stay the same until it moves: LEFT goes to those of before, REPORTED and ENTERED to those of then. When the tree
-- moves it, TREE_LEFT and TREE_ENTERED say which areas lose and gain it (0026).
create or replace function count_incident_event() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  -- Assigned, because a statement of its own takes ten times as long.
  shown text := set_config('wangge.areas', '*', true);
  by_tree constant boolean := new.act in ('TREE_LEFT', 'TREE_ENTERED');
  anew constant boolean := new.kind in ('REPORTED', 'ENTERED') and not by_tree;
  i public.incident;
begin
  update public.incident o set version = new.version,
      area_ids = case
        when anew then public.areas_of(new.grid_ids, new.at)
        when by_tree and new.kind = 'LEFT' then array(select a from unnest(o.area_ids) a where a <> all (new.area_ids) order by a)
        when by_tree then array(select a from unnest(o.area_ids) a union select a from unnest(new.area_ids) a order by 1)
        else o.area_ids end,
      told_edition = case when anew then (select max(e.number) from public.edition e) else o.told_edition end,
      told_at = case when anew then new.at else o.told_at end
    where o.id = new.incident_id and o.version = new.version - 1
    returning o.* into i;
  if not found then
    raise exception using errcode = 'WG006',
      message = 'Somebody else changed this incident in between.',
      hint = 'Read it again and retry.';
  end if;
  new.area_ids := coalesce(new.area_ids, i.area_ids);
  insert into public.feed_outbox (event_id, topic, kind, subject, version, category, at, area_ids, payload)
    values (new.id, 'INCIDENT', new.kind, new.incident_id, new.version, i.category, new.at, new.area_ids,
      jsonb_build_object('act', new.act, 'incident', public.incident_shell(i)));
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return new;
end $$;

-- The incident as readers of its row know it, but for a place that is an area, which may be long: `hasArea` says that
-- there is one.
create function incident_shell(i incident) returns jsonb language sql stable
  return jsonb_build_object('id', i.id, 'position', i.position, 'category', i.category, 'summary', i.summary,
    'severity', i.severity, 'origin', i.origin, 'language', i.language, 'responseClass', i.response_class,
    'occurredAt', i.occurred_at, 'reportedAt', i.reported_at, 'ownedAt', i.owned_at, 'edition', i.edition, 'x', i.x, 'y', i.y,
    'accuracyMetres', i.accuracy_metres, 'hasArea', i.area is not null, 'addressId', i.address_id, 'ladder', i.ladder,
    'layer', i.layer, 'tier', i.tier, 'notices', i.notices, 'status', i.status, 'reportedBy', i.reported_by,
    'finderId', i.finder_id, 'version', i.version, 'outcome', i.outcome, 'result', i.result, 'closedAt', i.closed_at,
    'closedBy', i.closed_by, 'closedTier', i.closed_tier);

-- What happened before there was a feed, in its order.
do $$
begin
  perform set_config('wangge.areas', '*', true);
  alter table incident disable trigger user;
  update incident i set area_ids = areas_of((select e.grid_ids from incident_event e where e.incident_id = i.id
    order by e.version desc limit 1), i.owned_at);
  alter table incident enable trigger user;
  insert into feed_outbox (event_id, topic, kind, subject, version, category, at, area_ids, payload)
    select e.id, 'INCIDENT', e.kind, e.incident_id, e.version, i.category, e.at, areas_of(e.grid_ids, e.at),
      jsonb_build_object('act', e.act, 'incident', incident_shell(i))
    from incident_event e join incident i on i.id = e.incident_id order by e.at, e.incident_id, e.version;
  perform set_config('wangge.areas', '', true);
end $$;

-- A revoked key gets nothing that was committed after its end: servers read of it between the events.
create function tell_revocation() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.feed_outbox (event_id, topic, kind, subject, version, at, area_ids, payload)
    values (gen_random_uuid(), 'KEY', 'REVOKED', new.id, 0, new.revoked_at, '{}', '{}');
  return null;
end $$;
create trigger api_key_revocation_told after update on api_key for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function tell_revocation();

-- As before, but for the events, which come last: what they take along of the incident is what the change made of it.
do $$
declare
  body text := pg_get_functiondef('write_incident(jsonb, jsonb, jsonb)'::regprocedure);
  first constant text := E'  perform public.add_incident_events(events);\n';
begin
  if position(first in body) = 0 then
    raise exception 'write_incident is not as migration 0019 left it.';
  end if;
  body := replace(body, first, '');
  body := regexp_replace(body, E'end (\\$[a-z]*\\$)\\s*$', first || E'end \\1');
  execute body;
end $$;

-- The log is read by areas; nobody but the functions above writes it, and nobody reads the outbox.
alter table feed_event enable row level security;
alter table feed_event force row level security;
-- The roots of what a transaction sees; none where the setting holds anything else, which is no error either.
create function area_roots() returns uuid[] language sql stable parallel safe
  return case when coalesce(current_setting('wangge.areas', true), '') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})*$'
    then string_to_array(current_setting('wangge.areas', true), ',')::uuid[] else '{}' end;
create policy feed_event_in_areas on feed_event for select
  using ((select sees_everything()) or area_ids && (select area_roots()));
create policy feed_event_sequenced on feed_event for insert with check (true);
create policy feed_event_purged on feed_event for delete using (true);

-- What is new, for the memory of a server, which is told of everything: many times a second, so in one statement.
create function read_feed(after bigint, most integer) returns table (
    "position" bigint, id uuid, topic text, kind text, subject text, version integer, category text, at timestamptz,
    "areaIds" uuid[], payload text) language plpgsql as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
begin
  return query select e.position, e.event_id, e.topic, e.kind, e.subject, e.version, e.category, e.at, e.area_ids, e.payload::text
    from public.feed_event e where e.position > after order by e.position limit most;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
end $$;

revoke execute on function keep_feed(), sequence_feed(integer), purge_feed(timestamptz, integer), open_feed(boolean),
  tell_revocation(), areas_of(uuid[], timestamptz), incident_shell(incident) from public;
revoke all on feed_state, feed_outbox, feed_event from wangge_server;
grant select on feed_state, feed_event to wangge_server;
grant execute on function sequence_feed(integer), purge_feed(timestamptz, integer), open_feed(boolean) to wangge_server;
