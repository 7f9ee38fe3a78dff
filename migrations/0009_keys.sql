-- Integrators and their keys. A client is an organisation or a system, never a person. What a key may do is written
-- once: other scopes are another client. Rows stay as a record of what was issued; a key is ended by revoking it.

create table api_client (
  id          uuid primary key,
  name        text not null check (length(name) between 1 and 100 and name !~ '[[:cntrl:]]'),
  -- Root grids of what it sees; none where it sees all.
  area_ids    uuid[] not null check (cardinality(area_ids) <= 50 and array_position(area_ids, null) is null),
  everywhere  boolean not null,
  actions     text[] not null check (cardinality(actions) between 1 and 50 and array_position(actions, null) is null),
  -- Kinds of events it may receive; none named is all.
  event_types text[] not null check (cardinality(event_types) <= 50 and array_position(event_types, null) is null),
  created_at  timestamptz not null,
  created_by  text not null check (length(created_by) between 1 and 1000),
  -- A client of no area could do nothing, and "each of its areas is mine" would be true of it for everybody.
  constraint api_client_somewhere check (everywhere = (cardinality(area_ids) = 0))
);

create table api_key (
  id          text primary key check (id ~ '^[0-9a-f]{20}$'),
  client_id   uuid not null references api_client,
  -- HMAC-SHA256 of the whole key, its id included, under a key that the database does not have.
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz,
  -- In hours: a day of interval arithmetic is 23 or 25 hours long where clocks change.
  constraint api_key_at_most_400_days check (expires_at > created_at and expires_at <= created_at + interval '9600 hours')
);
create index api_key_client on api_key (client_id);

create function keep_api_client() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'WG005',
    message = 'An API client is never changed or deleted.',
    hint = 'Make another client with the other scopes and revoke the keys of this one.';
end $$;
-- For each statement, so that they refuse as well where row security leaves no row to change.
create trigger api_client_kept before update or delete or truncate on api_client
  for each statement execute function keep_api_client();

create function keep_api_key() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  revoking timestamptz;
begin
  if tg_op = 'UPDATE' and old.revoked_at is null and new.revoked_at is not null then
    revoking := new.revoked_at;
    new.revoked_at := null;
    if new is not distinct from old then
      new.revoked_at := revoking;
      return new;
    end if;
  end if;
  raise exception using errcode = 'WG005',
    message = 'An API key may only be revoked, once, and is never deleted.',
    hint = 'Revoke the key and issue another.';
end $$;
create trigger api_key_revoked_only before update on api_key for each row execute function keep_api_key();
create trigger api_key_kept before delete or truncate on api_key for each statement execute function keep_api_key();

-- At most two live keys of a client: the one in use and the one that replaces it. The client is locked by an advisory
-- lock, because a row lock would take the right to change the client. READ COMMITTED is demanded, so that the count
-- sees what whoever held the lock before has written. It counts every key, whatever areas the statement has left set.
create function at_most_two_keys() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  live bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'An API key is issued at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('wangge.api_client ' || new.client_id, 0));
  perform set_config('wangge.areas', '*', true);
  select count(*) into live from public.api_key k
  where k.client_id = new.client_id and k.revoked_at is null and k.expires_at > new.created_at;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  if live > 2 then
    raise exception using errcode = 'WG006',
      message = 'The client has two live keys already.',
      hint = 'Revoke one of them first.';
  end if;
  return null;
end $$;
create constraint trigger api_key_two_live after insert on api_key
  not deferrable for each row execute function at_most_two_keys();

revoke execute on function keep_api_client(), keep_api_key(), at_most_two_keys() from public;

-- A client is seen by whoever sees each of its areas, and its keys with it; one of everywhere by whoever sees everything.
create function client_in_areas(area_ids uuid[]) returns boolean language sql stable parallel safe
  return coalesce((select bool_and(public.grid_in_areas(area)) from unnest(area_ids) as area), false);

alter table api_client enable row level security;
alter table api_client force row level security;
create policy api_client_in_areas on api_client
  using ((select sees_everything()) or client_in_areas(area_ids));

alter table api_key enable row level security;
alter table api_key force row level security;
create policy api_key_of_client on api_key
  using ((select sees_everything()) or exists (select from api_client c where c.id = client_id));

grant select, insert on api_client, api_key to wangge_server;
grant update (revoked_at) on api_key to wangge_server;
