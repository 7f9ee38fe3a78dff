-- Row security: a transaction sees the staff of grids in its areas, and without areas nobody. Areas and instant are
-- settings that end with it: `wangge.areas` is `*` for everything, else ids of grids with commas between them;
-- `wangge.now` is in milliseconds since 1970. Whatever else they hold means nothing, and shows nothing.
-- There is nothing of PostGIS in a policy: its operators are not leakproof, so no index could be used before it.

create function sees_everything() returns boolean language sql stable parallel safe
  return coalesce(current_setting('wangge.areas', true) = '*', false);

create function sees_something() returns boolean language sql stable parallel safe
  return coalesce(current_setting('wangge.areas', true), '') <> '';

-- For the walk below: without it the exclusion of overlapping dates would serve, whose index is four times as slow.
create index grid_version_walk on grid_version (grid_id) include (parent_id, valid) where edition_to is null;

-- Walks up from a grid to a root of the areas, in the current edition, at the instant. A grid that is not there then lies
-- in no area. Ids are compared as text, so that no setting can raise an error. The search path is not pinned, which would
-- cost more than the walk; the only name says its schema. A walk is some 30 µs, and the planner is told, so that it looks up
-- the one post of a row rather than walk for all posts.
create function grid_in_areas(grid uuid) returns boolean language plpgsql stable parallel safe cost 5000 as $$
declare
  roots text[] := string_to_array(current_setting('wangge.areas', true), ',');
  instant timestamptz := case when current_setting('wangge.now', true) ~ '^-?[0-9]{1,14}$'
    then to_timestamp(current_setting('wangge.now', true)::double precision / 1000) end;
  above uuid := grid;
  parent uuid;
begin
  if instant is null then
    return false;
  end if;
  while above is not null loop
    select v.parent_id into parent from public.grid_version v
    where v.grid_id = above and v.edition_to is null and v.valid @> instant;
    if not found then
      return false;
    end if;
    if above::text = any (roots) then
      return true;
    end if;
    above := parent;
  end loop;
  return false;
end $$;

-- The owner is bound too; only a superuser is not, and the server is none.
alter table post enable row level security;
alter table post force row level security;
create policy post_in_areas on post
  using ((select sees_everything()) or grid_in_areas(grid_id));

-- A row that belongs to another is seen by whoever sees the other.
alter table post_version enable row level security;
alter table post_version force row level security;
create policy post_version_in_areas on post_version
  using ((select sees_everything()) or exists (select from post p where p.id = post_id));

alter table appointment enable row level security;
alter table appointment force row level security;
create policy appointment_in_areas on appointment
  using ((select sees_everything()) or exists (select from post p where p.id = post_id));

-- A person is filed before the first appointment, so whoever sees something may file one; the judge demands the post.
alter table person enable row level security;
alter table person force row level security;
create policy person_in_areas on person for select
  using ((select sees_everything()) or exists (select from appointment a where a.person_id = person.id));
create policy person_filed on person for insert with check ((select sees_something()));

alter table person_version enable row level security;
alter table person_version force row level security;
create policy person_version_in_areas on person_version for select
  using ((select sees_everything()) or exists (select from appointment a where a.person_id = person_version.person_id));
create policy person_version_filed on person_version for insert with check ((select sees_something()));
create policy person_version_closed on person_version for update
  using ((select sees_everything()) or exists (select from appointment a where a.person_id = person_version.person_id));
