-- Sites, premises, lines and chat groups, and posts that answer for places. Facts about places, open to everybody; who
-- works there is said by posts and their appointments, as everywhere. Nothing about guests, members or residents.

create table site (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('site', false);
call serve_dated('site', false);

create table site_version (
  id      bigint generated always as identity primary key,
  site_id uuid not null references site,
  name    text not null check (length(name) between 1 and 200),
  kind    text not null check (length(kind) between 1 and 64),
  point   geometry(Point, 4326) not null check (is_on_lattice(point)),
  building_id uuid references building,
  -- A place within so many metres of the point is at the site.
  radius_metres double precision not null check (radius_metres between 0 and 5000),
  response_class text check (length(response_class) between 1 and 64),
  -- Of its opening hours: an IANA name.
  time_zone text not null check (length(time_zone) between 1 and 64),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint site_version_one_per_instant
    exclude using gist (site_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index site_version_opened on site_version (edition_from);
create index site_version_closed on site_version (edition_to) where edition_to is not null;
call keep_dated('site_version', true);
call serve_dated('site_version', true);

-- Bodies that work in a site.
create table site_body (
  id      bigint generated always as identity primary key,
  site_id uuid not null references site,
  body_id uuid not null references body,
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint site_body_one_per_instant
    exclude using gist (site_id with =, body_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index site_body_opened on site_body (edition_from);
create index site_body_closed on site_body (edition_to) where edition_to is not null;
call keep_dated('site_body', true);
call serve_dated('site_body', true);

-- What one can have done there, and when: a weekly pattern with exceptions, as src/sites/hours reads it.
create table site_service (
  id      bigint generated always as identity primary key,
  site_id uuid not null references site,
  code    text not null check (length(code) between 1 and 64),
  name    text not null check (length(name) between 1 and 200),
  hours   jsonb not null check (jsonb_typeof(hours) = 'object' and length(hours::text) <= 20000),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint site_service_one_per_instant
    exclude using gist (site_id with =, code with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index site_service_opened on site_service (edition_from);
create index site_service_closed on site_service (edition_to) where edition_to is not null;
call keep_dated('site_service', true);
call serve_dated('site_service', true);

-- Stars in a named scheme, from a day on.
create table site_rating (
  id      bigint generated always as identity primary key,
  site_id uuid not null references site,
  scheme  text not null check (length(scheme) between 1 and 64),
  stars   integer not null check (stars between 1 and most),
  most    integer not null check (most between 1 and 100),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint site_rating_one_per_instant
    exclude using gist (site_id with =, scheme with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index site_rating_opened on site_rating (edition_from);
create index site_rating_closed on site_rating (edition_to) where edition_to is not null;
call keep_dated('site_rating', true);
call serve_dated('site_rating', true);

-- An honour is borne from the day it was given on, unless it is taken away.
create table site_honour (
  id      bigint generated always as identity primary key,
  site_id uuid not null references site,
  name    text not null check (length(name) between 1 and 200),
  given_on date not null,
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint site_honour_one_per_instant
    exclude using gist (site_id with =, name with =, given_on with =, valid with &&,
      int4range(edition_from, edition_to) with &&)
);
create index site_honour_opened on site_honour (edition_from);
create index site_honour_closed on site_honour (edition_to) where edition_to is not null;
call keep_dated('site_honour', true);
call serve_dated('site_honour', true);

-- An inn, a warehouse, a market: who answers for it is a post. There is no column for guests.
create table premises (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('premises', false);
call serve_dated('premises', false);

create table premises_version (
  id      bigint generated always as identity primary key,
  premises_id uuid not null references premises,
  name    text not null check (length(name) between 1 and 200),
  kind    text not null check (length(kind) between 1 and 64),
  point   geometry(Point, 4326) not null check (is_on_lattice(point)),
  radius_metres double precision not null check (radius_metres between 0 and 5000),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint premises_version_one_per_instant
    exclude using gist (premises_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index premises_version_opened on premises_version (edition_from);
create index premises_version_closed on premises_version (edition_to) where edition_to is not null;
call keep_dated('premises_version', true);
call serve_dated('premises_version', true);

-- A street or a stretch of a river.
create table line (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('line', false);
call serve_dated('line', false);

create table line_version (
  id      bigint generated always as identity primary key,
  line_id uuid not null references line,
  name    text not null check (length(name) between 1 and 200),
  kind    text not null check (length(kind) between 1 and 64),
  path    geometry(LineString, 4326) not null
    check (is_on_lattice(path) and ST_NPoints(path) between 2 and 20000 and ST_IsValid(path)),
  -- A place within so many metres of the path is on the line.
  tolerance_metres double precision not null check (tolerance_metres between 0 and 1000),
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint line_version_one_per_instant
    exclude using gist (line_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index line_version_opened on line_version (edition_from);
create index line_version_closed on line_version (edition_to) where edition_to is not null;
call keep_dated('line_version', true);
call serve_dated('line_version', true);

-- A chat group of a grid or of a building: its name, its link and how many it counts. Never who is in it.
create table channel (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('channel', false);
call serve_dated('channel', false);

create table channel_version (
  id      bigint generated always as identity primary key,
  channel_id uuid not null references channel,
  name    text not null check (length(name) between 1 and 200),
  kind    text not null check (length(kind) between 1 and 64),
  link    text check (length(link) between 1 and 500),
  members integer check (members >= 0),
  counted_on date,
  grid_id     uuid references grid,
  building_id uuid references building,
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint channel_version_one_home check (num_nonnulls(grid_id, building_id) = 1),
  constraint channel_version_counted check ((members is null) = (counted_on is null)),
  constraint channel_version_one_per_instant
    exclude using gist (channel_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index channel_version_opened on channel_version (edition_from);
create index channel_version_closed on channel_version (edition_to) where edition_to is not null;
call keep_dated('channel_version', true);
call serve_dated('channel_version', true);

-- A post may answer for a place rather than for a grid. It stays one table, so that appointments, rosters, files of
-- staff, row security and the judge hold for it as they are. `grid_id` is then the grid in whose area the post counts.
alter table post
  add column building_id uuid references building,
  add column site_id     uuid references site,
  add column premises_id uuid references premises,
  add column line_id     uuid references line,
  add constraint post_one_place check (num_nonnulls(building_id, site_id, premises_id, line_id) <= 1);
alter table post add column place_id uuid generated always as
  (coalesce(building_id, site_id, premises_id, line_id)) stored;
alter table post drop constraint post_role_id_grid_id_key;
create unique index post_role_id_grid_id_key on post (role_id, grid_id) where place_id is null;
create unique index post_role_id_place_id_key on post (role_id, place_id) where place_id is not null;

-- Where the holders of a post are based, which need not be where they answer: one site for the post, or for one holder.
create table post_base (
  id      bigint generated always as identity primary key,
  post_id uuid not null references post,
  -- Null: of every holder that has no base of its own.
  appointment_id uuid,
  site_id uuid not null references site,
  valid tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint post_base_one_per_instant exclude using gist (post_id with =,
    (coalesce(appointment_id, post_id)) with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index post_base_opened on post_base (edition_from);
create index post_base_closed on post_base (edition_to) where edition_to is not null;
call keep_dated('post_base', true);
call serve_dated('post_base', true);
alter table post_base enable row level security;
alter table post_base force row level security;
create policy post_base_in_areas on post_base
  using ((select sees_everything()) or exists (select from post p where p.id = post_id));

-- Buildings are read into memory by the log of editions, as whom posts answer for.
create index building_version_opened on building_version (edition_from);
create index building_version_closed on building_version (edition_to) where edition_to is not null;
