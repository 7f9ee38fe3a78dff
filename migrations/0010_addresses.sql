-- Addresses and buildings: places on the lattice with dated names. They hold no grid: owners come from the point, so a
-- moved border changes owners and never addresses. Nothing about who lives there: there is no column for it.

-- All else works with any locale, so this is no reason to refuse the database.
do $$
begin
  if show_trgm('中') = '{}' then
    raise warning 'pg_trgm sees no letters in Chinese in this database, so no Chinese address will be found by its text.'
      using hint = 'Its LC_CTYPE is C. Make the database with a UTF-8 one, such as C.UTF-8 or en_US.UTF-8.';
  end if;
end $$;

create table building (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('building', false);
call serve_dated('building', false);

create table building_version (
  id          bigint generated always as identity primary key,
  building_id uuid not null references building,
  name        text not null check (length(name) between 1 and 200),
  point       geometry(Point, 4326) not null check (is_on_lattice(point)),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint building_version_one_per_instant
    exclude using gist (building_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index building_version_by_name on building_version (name) where edition_to is null;
call keep_dated('building_version', true);
call serve_dated('building_version', true);

create table address (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('address', false);
call serve_dated('address', false);

create table address_version (
  id          bigint generated always as identity primary key,
  address_id  uuid not null references address,
  -- Main text as it is shown; the others are further ways to say the same place.
  main_text   text not null check (length(main_text) between 1 and 200),
  aliases     text[] not null default '{}' check (cardinality(aliases) <= 20 and array_position(aliases, null) is null),
  point       geometry(Point, 4326) not null check (is_on_lattice(point)),
  building_id uuid references building,
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint address_version_one_per_instant
    exclude using gist (address_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
-- When the next address begins or ends, which may change what a text means.
create index address_version_begins on address_version (lower(valid));
create index address_version_ends on address_version (upper(valid)) where not upper_inf(valid);
call keep_dated('address_version', true);
call serve_dated('address_version', true);

-- Names that addresses are found by, each character of a Chinese name as a word, so that trigrams compare characters.
-- Only a means of search: a name stays when no address bears it any more.
create table address_name (
  id     integer generated always as identity primary key,
  spaced text not null unique check (length(spaced) between 1 and 400)
);
create index address_name_trigrams on address_name using gin (spaced gin_trgm_ops);
grant select, insert on address_name to wangge_server;
create trigger address_name_kept before update or delete on address_name for each row execute function refuse_change();
create trigger address_name_not_emptied before truncate on address_name
  for each statement execute function refuse_change();

-- Under which name and number a version is found. Derived from its texts; whether it counts is told by the version.
create table address_anchor (
  version_id  bigint not null references address_version,
  name_id     integer not null references address_name,
  number      text check (length(number) <= 40),
  -- Where the number stands for several, as 1~30号 does.
  number_from integer,
  number_to   integer,
  numbers     text[] not null,
  divisions   text[] not null,
  edition_from integer not null references edition
);
create index address_anchor_by_name on address_anchor (name_id, number);
create index address_anchor_ranges on address_anchor (name_id, number_to) where number_to > number_from;
call keep_dated('address_anchor', false);
call serve_dated('address_anchor', false);
