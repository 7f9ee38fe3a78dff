-- Visits of staff to places, judged by somebody else, and activities on grids. Of a visit it is known which post was at
-- which place when, never whom it met: there is no column for that.

create table visit (
  id          uuid primary key,
  -- In the order in which they were recorded.
  position    bigint generated always as identity unique,
  kind        text not null check (kind ~ '^[a-z0-9][a-z0-9_]{0,63}$'),
  contact_kind text check (contact_kind ~ '^[a-z0-9][a-z0-9_]{0,63}$'),
  -- The post that went, by its id as it was then, its role, and the member of staff where it is known who it was.
  post_id     text not null check (length(post_id) between 1 and 200),
  role        text not null check (length(role) between 1 and 100),
  staff_id    uuid references person,
  -- The grid in whose area the post counts.
  post_grid_id uuid not null references grid,
  -- The smallest grid that held the place, in the layer of the post; and those of all layers, by which it is seen.
  grid_id     uuid not null references grid,
  grid_ids    uuid[] not null check (grid_id = any (grid_ids) and cardinality(grid_ids) <= 64),
  site_id     uuid references site,
  premises_id uuid references premises,
  place_id    uuid generated always as (coalesce(site_id, premises_id)) stored,
  address_id  uuid references address,
  -- On the lattice.
  x           integer not null check (x between -1800000000 and 1800000000),
  y           integer not null check (y between -900000000 and 900000000),
  visited_at  timestamptz not null check (isfinite(visited_at)),
  recorded_at timestamptz not null check (isfinite(recorded_at)),
  recorded_by text not null check (length(recorded_by) between 1 and 300),
  -- Who recorded it, where the login says which member of staff that is.
  recorder_id uuid references person,
  note        text check (length(note) between 1 and 500),
  -- What makes it doubtful, as it was when it was recorded. The database says so itself.
  flags       text[] not null default '{}' check (flags <@ array['STALE', 'TWICE']),
  -- Under which key of the login it was recorded, and a hash of all that was said.
  key_hash    bytea unique check (length(key_hash) = 32),
  input_hash  bytea check (length(input_hash) = 32),
  state       text not null default 'UNREVIEWED' check (state in ('UNREVIEWED', 'ACCEPTED', 'REFUSED')),
  reviewed_at timestamptz check (isfinite(reviewed_at)),
  reviewed_by text check (length(reviewed_by) between 1 and 300),
  reviewer_id uuid references person,
  review_reason text check (length(review_reason) between 1 and 500),
  check (num_nonnulls(site_id, premises_id, address_id) <= 1),
  check (visited_at <= recorded_at),
  check ((key_hash is null) = (input_hash is null)),
  check ((state = 'UNREVIEWED') = (reviewed_at is null)),
  check ((state = 'UNREVIEWED') = (reviewed_by is null)),
  check (state <> 'UNREVIEWED' or (reviewer_id is null and review_reason is null)),
  check (state <> 'REFUSED' or review_reason is not null),
  check (reviewed_by <> recorded_by),
  check (reviewer_id <> staff_id),
  check (reviewer_id <> recorder_id)
);
create index visit_by_grid on visit (grid_id, position);
create index visit_by_post on visit (post_id, visited_at);
create index visit_counted on visit (place_id, kind, visited_at) where state = 'ACCEPTED' and place_id is not null;

-- Something that takes place on grids: a fair, a march, a talk. It ends when it was planned to, or when somebody ended it.
create table activity (
  id          uuid primary key,
  position    bigint generated always as identity unique,
  class       text not null check (class ~ '^[a-z0-9][a-z0-9_]{0,63}$'),
  title       text not null check (length(title) between 1 and 100),
  grid_ids    uuid[] not null check (cardinality(grid_ids) between 1 and 200),
  campaign    text check (campaign ~ '^[a-z0-9][a-z0-9_]{0,63}$'),
  from_at     timestamptz not null check (isfinite(from_at)),
  -- Null: no end is planned.
  to_at       timestamptz check (isfinite(to_at)),
  recorded_at timestamptz not null check (isfinite(recorded_at)),
  recorded_by text not null check (length(recorded_by) between 1 and 300),
  key_hash    bytea unique check (length(key_hash) = 32),
  input_hash  bytea check (length(input_hash) = 32),
  ended_at    timestamptz check (isfinite(ended_at)),
  ended_by    text check (length(ended_by) between 1 and 300),
  check (to_at > from_at),
  check (ended_at >= from_at),
  check (ended_at <= to_at),
  check ((key_hash is null) = (input_hash is null)),
  check ((ended_at is null) = (ended_by is null))
);
create index activity_by_time on activity (from_at);

-- What makes a visit doubtful: recorded more than 72 hours later; or the same place, kind and post within 12 hours of
-- another. The same place: the same site, premises or address where both name one, else within 20 metres. Visits of
-- one post queue here, so that two at once do not miss each other. Where else a person was is none of our business:
-- nothing is asked here about speed between places.
create function judge_visit() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  reach_y double precision := 20 / 111320.0 * 1e7;
  reach_x double precision := reach_y / greatest(cos(radians(new.y / 1e7)), 0.01);
  named uuid := coalesce(new.site_id, new.premises_id, new.address_id);
  again boolean;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'A visit is recorded at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  perform pg_advisory_xact_lock(hashtext('wangge.visit'), hashtext(new.post_id));
  perform set_config('wangge.areas', '*', true);
  select exists (
    select from public.visit v
    where v.post_id = new.post_id and v.kind = new.kind and v.state <> 'REFUSED'
      and v.visited_at > new.visited_at - interval '12 hours' and v.visited_at < new.visited_at + interval '12 hours'
      and case when named is not null and coalesce(v.place_id, v.address_id) is not null
          then coalesce(v.place_id, v.address_id) = named
          else abs(v.x::bigint - new.x) <= reach_x and abs(v.y::bigint - new.y) <= reach_y end
  ) into again;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  new.flags := case when new.recorded_at - new.visited_at > interval '72 hours' then array['STALE'] else array[]::text[] end
    || case when again then array['TWICE'] else array[]::text[] end;
  if new.state <> 'UNREVIEWED' then
    raise exception using errcode = 'WG006', message = 'A visit is recorded before it is reviewed.', hint = 'Record it first.';
  end if;
  return new;
end $$;
create trigger visit_judged before insert on visit for each row execute function judge_visit();

-- Once, and nothing but the review. That it is somebody else's is a check of the table.
create function keep_visit() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  review public.visit := new;
begin
  if old.state <> 'UNREVIEWED' then
    raise exception using errcode = 'WG006',
      message = 'This visit was reviewed already.',
      hint = 'A review is final; record another visit.';
  end if;
  review.state := old.state;
  review.reviewed_at := old.reviewed_at;
  review.reviewed_by := old.reviewed_by;
  review.reviewer_id := old.reviewer_id;
  review.review_reason := old.review_reason;
  -- Made anew by the database after this.
  review.place_id := old.place_id;
  if review is distinct from old or new.state = 'UNREVIEWED' then
    raise exception using errcode = 'WG005',
      message = 'What was recorded of a visit is never changed.',
      hint = 'Review it; only its review can be written.';
  end if;
  return new;
end $$;
create trigger visit_reviewed_only before update on visit for each row execute function keep_visit();

create function keep_activity() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  ended public.activity := new;
begin
  if old.ended_at is not null then
    raise exception using errcode = 'WG006',
      message = 'This activity was ended already.',
      hint = 'An end is final; record another activity.';
  end if;
  ended.ended_at := old.ended_at;
  ended.ended_by := old.ended_by;
  if ended is distinct from old or new.ended_at is null then
    raise exception using errcode = 'WG005',
      message = 'What was recorded of an activity is never changed.',
      hint = 'End it and record another.';
  end if;
  return new;
end $$;
create trigger activity_ended_only before update on activity for each row execute function keep_activity();

create trigger visit_kept before delete or truncate on visit for each statement execute function refuse_change();
create trigger activity_kept before delete or truncate on activity for each statement execute function refuse_change();

-- A visit is recorded by whoever answers for the post, and seen by whoever answers for the post or for the place.
alter table visit enable row level security;
alter table visit force row level security;
create policy visit_in_areas on visit for select
  using ((select sees_everything()) or post_grid_id in (select area_grids())
    or exists (select from unnest(grid_ids) as g where g in (select area_grids())));
create policy visit_recorded on visit for insert
  with check ((select sees_everything()) or post_grid_id in (select area_grids()));
create policy visit_reviewed on visit for update
  using ((select sees_everything()) or post_grid_id in (select area_grids())
    or exists (select from unnest(grid_ids) as g where g in (select area_grids())));

-- An activity is recorded and ended by whoever answers for all of its grids, and seen by whoever answers for one.
alter table activity enable row level security;
alter table activity force row level security;
create policy activity_in_areas on activity for select
  using ((select sees_everything()) or exists (select from unnest(grid_ids) as g where g in (select area_grids())));
create policy activity_recorded on activity for insert
  with check ((select sees_everything()) or not exists (select from unnest(grid_ids) as g where g not in (select area_grids())));
create policy activity_ended on activity for update
  using ((select sees_everything()) or not exists (select from unnest(grid_ids) as g where g not in (select area_grids())));

revoke execute on function judge_visit(), keep_visit(), keep_activity() from public;
revoke all on visit, activity from wangge_server;
grant select, insert on visit, activity to wangge_server;
grant update (state, reviewed_at, reviewed_by, reviewer_id, review_reason) on visit to wangge_server;
grant update (ended_at, ended_by) on activity to wangge_server;
