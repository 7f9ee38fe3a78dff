-- Webhooks: the feed of an area, sent to an address of a client. What was delivered is the position in the log, which lies
-- in the same database, so that both are restored together and no endpoint ever stands in a log that is not its own.

create table webhook_endpoint (
  id              uuid primary key,
  client_id       uuid not null references api_client,
  -- What this grid and all below it are told.
  grid_id         uuid not null references grid,
  topic           text not null check (topic in ('INCIDENT', 'BOUNDARY', 'OWNERSHIP')),
  url             text not null check (length(url) between 1 and 2000 and url !~ '[[:cntrl:][:space:]]'),
  -- Kinds of events such as incident.reported; none named is all.
  event_types     text[] not null check (cardinality(event_types) <= 50 and array_position(event_types, null) is null),
  -- Of incidents; null is all.
  categories      text[] check (cardinality(categories) between 1 and 100 and array_position(categories, null) is null),
  status          text not null default 'ACTIVE' check (status in ('ACTIVE', 'PAUSED', 'DISABLED')),
  -- ASKED: somebody wished it. NO_KEY: the client has no live key, or none with the right. CURSOR_EXPIRED: the log no
  -- longer has what is to be sent next. GONE: the receiver said 410. FAILING: nothing was taken for days. REMOVED: for ever.
  reason          text check (reason in ('ASKED', 'NO_KEY', 'CURSOR_EXPIRED', 'GONE', 'FAILING', 'REMOVED')),
  status_at       timestamptz not null,
  -- Everything up to here was delivered, was parked, or was not for it.
  position        bigint not null check (position >= 0),
  -- Failed attempts at the event in front, and when it is tried again.
  attempt         integer not null default 0 check (attempt >= 0),
  next_attempt_at timestamptz,
  -- Since when every attempt has failed.
  failing_since   timestamptz,
  delivered_at    timestamptz,
  -- How many events were delivered and parked, and how many attempts failed.
  delivered       bigint not null default 0,
  parked          bigint not null default 0,
  failed          bigint not null default 0,
  -- Which server sends now. By the clock of the database, which is the same for all servers.
  leased_by       uuid,
  leased_until    timestamptz,
  created_at      timestamptz not null,
  created_by      text not null check (length(created_by) between 1 and 1000),
  constraint webhook_endpoint_reason check ((status = 'ACTIVE') = (reason is null)),
  constraint webhook_endpoint_leased check ((leased_by is null) = (leased_until is null)),
  constraint webhook_endpoint_categories check (categories is null or topic = 'INCIDENT')
);
create index webhook_endpoint_client on webhook_endpoint (client_id);

-- Signs what is sent. Two at once while one is replaced by another: both sign until the older ends.
create table webhook_secret (
  id          uuid primary key,
  endpoint_id uuid not null references webhook_endpoint,
  -- AES-256-GCM under a key that the database does not have.
  sealed      bytea not null check (length(sealed) between 28 and 1000),
  created_at  timestamptz not null,
  -- Null: until it is replaced.
  expires_at  timestamptz check (expires_at > created_at)
);
create index webhook_secret_endpoint on webhook_secret (endpoint_id);

-- What was given up, with all that it takes to send it later, whatever the log has purged since.
create table webhook_parked (
  endpoint_id     uuid not null references webhook_endpoint,
  position        bigint not null check (position >= 1),
  event_id        uuid not null,
  kind            text not null check (kind ~ '^[A-Z][A-Z_]{1,40}$'),
  area_ids        uuid[] not null,
  -- As it was sent, byte by byte.
  body            text not null check (length(body) between 2 and 20000),
  -- How the last attempt failed: HTTP_500, TIMED_OUT …
  reason          text not null check (reason ~ '^[A-Z][A-Z0-9_]{1,60}$'),
  attempts        integer not null check (attempts >= 1),
  parked_at       timestamptz not null,
  -- When somebody asked for it to be sent again; null: nobody, or all attempts since have failed as well.
  replayed_at     timestamptz,
  replay_attempt  integer not null default 0 check (replay_attempt >= 0),
  next_attempt_at timestamptz,
  delivered_at    timestamptz,
  primary key (endpoint_id, position)
);
create index webhook_parked_replayed on webhook_parked (endpoint_id, position) where replayed_at is not null and delivered_at is null;

-- The log of deliveries, kept for some weeks. What the receiver answered beyond the status is not kept.
create table webhook_attempt (
  id           bigint generated always as identity primary key,
  endpoint_id  uuid not null references webhook_endpoint,
  event_id     uuid not null,
  -- Null: a ping, which is not in the log of events.
  position     bigint,
  attempt      integer not null check (attempt >= 1),
  at           timestamptz not null,
  milliseconds integer not null check (milliseconds >= 0),
  http_status  integer check (http_status between 100 and 999),
  error        text check (error ~ '^[A-Z][A-Z0-9_]{1,60}$'),
  -- PARKED: it failed, and was the last.
  outcome      text not null check (outcome in ('DELIVERED', 'FAILED', 'PARKED', 'PING')),
  constraint webhook_attempt_error check (outcome = 'PING' or (outcome = 'DELIVERED') = (error is null))
);
create index webhook_attempt_endpoint on webhook_attempt (endpoint_id, id desc);
create index webhook_attempt_time on webhook_attempt (at);

-- The position never goes back, never beyond the log, and moves only under the lease of the server that sends; or to go on
-- from now after a purge took away what was to be sent, which somebody must have wished.
create function keep_webhook_endpoint() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if old.reason = 'REMOVED' and (new.status, new.reason, new.url, new.event_types, new.categories, new.position)
      is distinct from (old.status, old.reason, old.url, old.event_types, old.categories, old.position) then
    raise exception using errcode = 'WG005',
      message = 'A webhook that was removed stays so.',
      hint = 'Make another.';
  end if;
  if new.position < old.position or new.position > old.position and (
      new.position > (select s.last_position from public.feed_state s)
      or old.leased_by is null and not coalesce(old.reason = 'CURSOR_EXPIRED' and new.status = 'ACTIVE', false)) then
    raise exception using errcode = 'WG005',
      message = 'The position of a webhook never goes back, and forward only by delivering.',
      hint = 'Replay what was parked, or follow the feed from a cursor.';
  end if;
  -- What is in front is another event then, or another receiver.
  if (new.url, new.event_types, new.categories) is distinct from (old.url, old.event_types, old.categories)
      or old.status <> 'ACTIVE' and new.status = 'ACTIVE' then
    new.attempt := 0;
    new.next_attempt_at := null;
    new.failing_since := null;
  end if;
  return new;
end $$;
create trigger webhook_endpoint_kept before update on webhook_endpoint for each row execute function keep_webhook_endpoint();
create trigger webhook_endpoint_not_deleted before delete or truncate on webhook_endpoint
  for each statement execute function refuse_change();

-- At most two secrets of an endpoint at once, one of them without an end.
create function keep_webhook_secret() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  live bigint;
  endless bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('wangge.webhook ' || new.endpoint_id, 0));
  perform set_config('wangge.areas', '*', true);
  select count(*), count(*) filter (where s.expires_at is null) into live, endless from public.webhook_secret s
    where s.endpoint_id = new.endpoint_id and (s.expires_at is null or s.expires_at > new.created_at);
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  if live > 2 or endless > 1 then
    raise exception using errcode = 'WG006',
      message = 'The webhook has two secrets already.',
      hint = 'Wait until the older ends, or end it now.';
  end if;
  return null;
end $$;
create constraint trigger webhook_secret_two_live after insert on webhook_secret
  not deferrable for each row execute function keep_webhook_secret();

-- What became of what endpoints were sent, of those that the server has a lease of; gives their ids. The only way to deliver.
-- One statement by itself, so that a server that is stopped in the middle holds no row.
create function mark_webhooks(server uuid, outcomes jsonb) returns setof uuid language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
begin
  return query with given as (
    select g.* from jsonb_to_recordset(outcomes) g(id uuid, position bigint, attempt integer, "nextAttemptAt" timestamptz,
      "failingSince" timestamptz, "deliveredAt" timestamptz, delivered integer, failed integer, stopped jsonb,
      attempts jsonb, parked jsonb)
  ), held as (
    update public.webhook_endpoint e set position = greatest(e.position, g.position), attempt = g.attempt,
      next_attempt_at = g."nextAttemptAt", failing_since = g."failingSince",
      delivered_at = coalesce(g."deliveredAt", e.delivered_at), delivered = e.delivered + g.delivered,
      failed = e.failed + g.failed, parked = e.parked + jsonb_array_length(g.parked),
      -- What somebody else has stopped meanwhile stays as it is.
      status = case when g.stopped is null or e.status <> 'ACTIVE' then e.status else g.stopped ->> 'status' end,
      reason = case when g.stopped is null or e.status <> 'ACTIVE' then e.reason else g.stopped ->> 'reason' end,
      status_at = case when g.stopped is null or e.status <> 'ACTIVE' then e.status_at
        else (g.stopped ->> 'at')::timestamptz end
    from given g where e.id = g.id and e.leased_by = server returning e.id
  ), logged as (
    insert into public.webhook_attempt
      (endpoint_id, event_id, position, attempt, at, milliseconds, http_status, error, outcome)
    select h.id, a."eventId", a.position, a.attempt, a.at, a.milliseconds, a."httpStatus", a.error, a.outcome
    from held h join given g on g.id = h.id cross join lateral jsonb_to_recordset(g.attempts) a("eventId" uuid,
      position bigint, attempt integer, at timestamptz, milliseconds integer, "httpStatus" integer, error text, outcome text)
  ), put as (
    insert into public.webhook_parked
      (endpoint_id, position, event_id, kind, area_ids, body, reason, attempts, parked_at)
    select h.id, p.position, p."eventId", p.kind, p."areaIds", p.body, p.reason, p.attempts, p.at
    from held h join given g on g.id = h.id cross join lateral jsonb_to_recordset(g.parked) p(position bigint,
      "eventId" uuid, kind text, "areaIds" uuid[], body text, reason text, attempts integer, at timestamptz)
  )
  select h.id from held h;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
end $$;

-- Deletes attempts of before, secrets that ended before and what was parked and delivered before; at most so many of each.
create function purge_webhooks(before timestamptz, most integer) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
  gone integer;
  more integer;
begin
  delete from public.webhook_attempt a where a.id = any (array(
    select o.id from public.webhook_attempt o where o.at < before order by o.at limit most));
  get diagnostics gone = row_count;
  delete from public.webhook_secret s where s.id = any (array(
    select o.id from public.webhook_secret o where o.expires_at < before limit most));
  get diagnostics more = row_count;
  gone := gone + more;
  delete from public.webhook_parked p where p.delivered_at < before;
  get diagnostics more = row_count;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return gone + more;
end $$;

-- An endpoint is seen by whoever sees its client, and what belongs to it with it.
create function webhook_in_areas(webhook uuid) returns boolean language sql stable parallel safe
  return exists (select from public.webhook_endpoint e where e.id = webhook);

alter table webhook_endpoint enable row level security;
alter table webhook_endpoint force row level security;
create policy webhook_endpoint_of_client on webhook_endpoint
  using ((select sees_everything()) or exists (select from api_client c where c.id = client_id));
alter table webhook_secret enable row level security;
alter table webhook_secret force row level security;
create policy webhook_secret_of_endpoint on webhook_secret
  using ((select sees_everything()) or webhook_in_areas(endpoint_id));
alter table webhook_parked enable row level security;
alter table webhook_parked force row level security;
create policy webhook_parked_of_endpoint on webhook_parked
  using ((select sees_everything()) or webhook_in_areas(endpoint_id));
alter table webhook_attempt enable row level security;
alter table webhook_attempt force row level security;
create policy webhook_attempt_of_endpoint on webhook_attempt
  using ((select sees_everything()) or webhook_in_areas(endpoint_id));

revoke execute on function keep_webhook_endpoint(), keep_webhook_secret(), mark_webhooks(uuid, jsonb),
  purge_webhooks(timestamptz, integer) from public;
revoke all on webhook_endpoint, webhook_secret, webhook_parked, webhook_attempt from wangge_server;
grant select on webhook_parked to wangge_server;
grant select, insert on webhook_endpoint, webhook_secret, webhook_attempt to wangge_server;
grant update (url, event_types, categories, status, reason, status_at, position, attempt, next_attempt_at, failing_since,
  delivered_at, delivered, parked, failed, leased_by, leased_until) on webhook_endpoint to wangge_server;
grant update (expires_at) on webhook_secret to wangge_server;
grant update (reason, attempts, replayed_at, replay_attempt, next_attempt_at, delivered_at) on webhook_parked to wangge_server;
grant execute on function mark_webhooks(uuid, jsonb), purge_webhooks(timestamptz, integer) to wangge_server;
