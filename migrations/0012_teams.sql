-- Teams: what a body is made of, whom it stands under, and which grids it covers. Head-counts by kind only: there is no
-- column for a member's name. Kinds, standings and lines are local words.

-- Whether the kinds are named, each once, and counted by whole numbers that are not negative.
create function is_composition(kinds text[], counts integer[]) returns boolean language sql immutable
  return cardinality(kinds) = cardinality(counts) and cardinality(kinds) <= 50
    and array_position(kinds, null) is null and array_position(counts, null) is null and 0 <= all (counts)
    and not exists (select from unnest(kinds) as k (kind) where length(kind) not between 1 and 40)
    and cardinality(kinds) = (select count(distinct k.kind) from unnest(kinds) as k (kind));

create table team_version (
  id       bigint generated always as identity primary key,
  body_id  uuid not null references body,
  -- Civil, official or what else is told apart locally.
  standing text check (length(standing) between 1 and 64),
  member_kinds  text[] not null default '{}',
  member_counts integer[] not null default '{}',
  valid    tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint team_version_composition check (is_composition(member_kinds, member_counts)),
  constraint team_version_one_per_instant
    exclude using gist (body_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index team_version_opened on team_version (edition_from);
create index team_version_closed on team_version (edition_to) where edition_to is not null;
call keep_dated('team_version', true);
call serve_dated('team_version', true);

-- A body has one parent in each line, such as the police line and the party line.
create table body_parent (
  id        bigint generated always as identity primary key,
  body_id   uuid not null references body,
  line      text not null check (length(line) between 1 and 64),
  parent_id uuid not null references body,
  valid     tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint body_parent_not_itself check (parent_id <> body_id),
  constraint body_parent_one_per_instant
    exclude using gist (body_id with =, line with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index body_parent_walk on body_parent (body_id, line) where edition_to is null;
create index body_parent_opened on body_parent (edition_from);
create index body_parent_closed on body_parent (edition_to) where edition_to is not null;
call keep_dated('body_parent', true);
call serve_dated('body_parent', true);

-- A body covers a grid and all below it: always, or on the days of a circuit in its time zone.
create table team_coverage (
  id          bigint generated always as identity primary key,
  coverage_id uuid not null,
  body_id     uuid not null references body,
  grid_id     uuid not null references grid,
  -- Matters it covers there; empty means all that the body answers for.
  categories  text[] not null default '{}' check (array_position(categories, null) is null),
  -- A circuit: days on which all that is given agrees. Weekdays 1 (Monday) to 7; days of the month 1 to 31, or -1 for the
  -- last; which such weekday of the month, 1 to 5, or -1 for the last.
  weekdays    smallint[] not null default '{}' check (1 <= all (weekdays) and 7 >= all (weekdays)),
  month_days  smallint[] not null default '{}'
    check (-1 <= all (month_days) and 31 >= all (month_days) and 0 <> all (month_days)),
  month_weeks smallint[] not null default '{}'
    check (-1 <= all (month_weeks) and 5 >= all (month_weeks) and 0 <> all (month_weeks)),
  time_zone   text check (length(time_zone) between 1 and 64),
  valid       tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint team_coverage_days check (
    (time_zone is null) = (weekdays = '{}' and month_days = '{}') and (month_weeks = '{}' or weekdays <> '{}')
    and array_position(weekdays, null) is null and array_position(month_days, null) is null
    and array_position(month_weeks, null) is null),
  constraint team_coverage_one_per_instant
    exclude using gist (coverage_id with =, valid with &&, int4range(edition_from, edition_to) with &&),
  constraint team_coverage_once
    exclude using gist (body_id with =, grid_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
    where (time_zone is null)
);
create index team_coverage_of_body on team_coverage (body_id) where edition_to is null;
create index team_coverage_opened on team_coverage (edition_from);
create index team_coverage_closed on team_coverage (edition_to) where edition_to is not null;
call keep_dated('team_coverage', true);
call serve_dated('team_coverage', true);

-- Nobody stands under himself, on any day of any line. A cycle is closed by its newest row, from which one walks up;
-- dates only shrink on the way, so the walk ends.
create function assert_no_parent_cycle() returns trigger language plpgsql as $$
declare
  found uuid;
begin
  with recursive above (body_id, valid) as (
    select p.parent_id, p.valid from body_parent p where p.id = new.id and p.edition_to is null
    union
    select p.parent_id, a.valid * p.valid from above a
    -- Offset 0 keeps this one look into the index for each step; joined, all of the line would be read for each row.
    cross join lateral (select parent_id, valid from body_parent where body_id = a.body_id and line = new.line
      and edition_to is null and not isempty(valid * a.valid) offset 0) p
    where a.body_id <> new.body_id
  )
  select body_id into found from above where body_id = new.body_id limit 1;
  if found is not null then
    raise exception using errcode = 'WG003',
      message = format('Body %s would stand above itself in the line %s.', new.body_id, new.line),
      detail = jsonb_build_object('body', new.body_id, 'line', new.line)::text,
      hint = 'Name a parent that does not stand below it on any of the dates.';
  end if;
  return null;
end $$;
create constraint trigger body_parent_judged after insert on body_parent
  deferrable initially deferred for each row execute function assert_no_parent_cycle();

-- What an edition says of a coverage lies within the dates of the grid as that edition knows them. A grid that a later
-- edition ends takes no team along: what covers it then covers nothing.
create function assert_coverage_on_grid() returns trigger language plpgsql as $$
begin
  if new.time_zone is not null then
    begin
      perform now() at time zone new.time_zone;
    exception when invalid_parameter_value then
      raise exception using errcode = 'WG003',
        message = format('There is no time zone %s for the days of a circuit.', new.time_zone),
        detail = jsonb_build_object('timeZone', new.time_zone)::text,
        hint = 'Give an IANA name such as Asia/Shanghai.';
    end;
  end if;
  if exists (select from team_coverage where id = new.id and edition_to is null)
     and not coalesce((select tstzmultirange(new.valid) <@ range_agg(v.valid) from grid_version v
                       where v.grid_id = new.grid_id and v.edition_to is null), false) then
    raise exception using errcode = 'WG003',
      message = format('Grid %s does not exist on all dates of what covers it.', new.grid_id),
      detail = jsonb_build_object('grid', new.grid_id, 'body', new.body_id)::text,
      hint = 'Cover it from its first to its last day, no longer.';
  end if;
  return null;
end $$;
create constraint trigger team_coverage_judged after insert on team_coverage
  deferrable initially deferred for each row execute function assert_coverage_on_grid();

-- The laws mean our own tables, whatever stands first on the search path of the one who writes; and nobody calls them.
alter function assert_no_parent_cycle() set search_path = pg_catalog, public, pg_temp;
alter function assert_coverage_on_grid() set search_path = pg_catalog, public, pg_temp;
revoke execute on function assert_no_parent_cycle(), assert_coverage_on_grid() from public;
