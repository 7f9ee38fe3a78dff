-- Layers, tiers, grids and their dated versions.

create table scheme (
  id     integer generated always as identity primary key,
  code   text not null unique check (length(code) between 1 and 64),
  name   text not null,
  -- Schemes of one family claim to speak the same code list, so disagreements between them are conflicts.
  family text,
  edition_from integer not null references edition
);
call keep_dated('scheme', false);

create table layer (
  id       integer generated always as identity primary key,
  code     text not null unique check (length(code) between 1 and 64),
  name     text not null,
  kind     text not null check (kind in ('PARTITION', 'OVERLAY')),
  position integer not null,
  edition_from integer not null references edition
);
call keep_dated('layer', false);

create table tier (
  id        integer generated always as identity primary key,
  layer_id  integer not null references layer,
  code      text not null check (length(code) between 1 and 64),
  name      text not null,
  -- 1 is the root tier; a child always has a larger rank than its parent, so the tree cannot have a cycle.
  rank      integer not null check (rank >= 1),
  -- The scheme in which every grid of this tier is expected to have a code; one without is accepted and flagged.
  scheme_id integer references scheme,
  edition_from integer not null references edition,
  unique (layer_id, code),
  unique (layer_id, rank),
  unique (id, layer_id)
);
call keep_dated('tier', false);

create table grid (
  id       uuid primary key,
  layer_id integer not null references layer,
  tier_id  integer not null,
  edition_from integer not null references edition,
  foreign key (tier_id, layer_id) references tier (id, layer_id),
  unique (id, layer_id, tier_id)
);
call keep_dated('grid', false);

create table grid_code (
  id        bigint generated always as identity primary key,
  grid_id   uuid not null references grid,
  scheme_id integer not null references scheme,
  code      text not null check (length(code) between 1 and 64 and code !~ '[[:cntrl:]]'),
  main      boolean not null default false,
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from)
);
create unique index grid_code_unique on grid_code (scheme_id, code) where edition_to is null;
create unique index grid_code_one_main on grid_code (grid_id) where main and edition_to is null;
create index grid_code_by_grid on grid_code (grid_id);
call keep_dated('grid_code', true);

create table body (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('body', false);

-- Every vertex is the double nearest to a seven-digit decimal. NaN and infinity fail the range test,
-- because PostgreSQL holds NaN greater than every number.
create function is_on_lattice(boundary geometry) returns boolean language sql immutable strict parallel safe as $$
  select coalesce(bool_and(
    x between -180 and 180 and y between -90 and 90 and x = round(x * 1e7) / 1e7 and y = round(y * 1e7) / 1e7
  ), false)
  from (select ST_X(d.geom) as x, ST_Y(d.geom) as y from ST_DumpPoints(boundary) d) as vertex
$$;

create table grid_version (
  id         bigint generated always as identity primary key,
  grid_id    uuid not null,
  layer_id   integer not null,
  tier_id    integer not null,
  parent_id  uuid references grid,
  name       text not null check (length(name) between 1 and 200),
  kind       text not null default 'BASIC' check (length(kind) between 1 and 64),
  manager_id uuid references body,
  boundary   geometry(MultiPolygon, 4326) not null,
  area_square_metres double precision not null,
  -- [{"measure", "value", "date", "source"}]: dated aggregate figures, never anything about a person.
  loads      jsonb not null default '[]' check (jsonb_typeof(loads) = 'array'),
  valid      tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  foreign key (grid_id, layer_id, tier_id) references grid (id, layer_id, tier_id),
  constraint grid_version_not_own_parent check (parent_id <> grid_id),
  constraint grid_version_vertices check (ST_NPoints(boundary) - ST_NRings(boundary) <= 20000),
  constraint grid_version_on_lattice check (is_on_lattice(boundary)),
  constraint grid_version_valid check (ST_IsValid(boundary)),
  constraint grid_version_area check (area_square_metres >= 10),
  constraint grid_version_one_per_instant
    exclude using gist (grid_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index grid_version_boundary on grid_version using gist (layer_id, boundary) where edition_to is null;
create index grid_version_by_grid on grid_version (grid_id);
create index grid_version_children on grid_version (parent_id) where edition_to is null;
create index grid_version_opened on grid_version (edition_from);
create index grid_version_closed on grid_version (edition_to) where edition_to is not null;
call keep_dated('grid_version', true);

-- The area is the database's own figure, whatever the writer sent.
create function measure_boundary() returns trigger language plpgsql as $$
begin
  new.area_square_metres := ST_Area(new.boundary::geography);
  return new;
end $$;
create trigger grid_version_measured before insert on grid_version for each row execute function measure_boundary();

-- Places that no grid of a PARTITION layer holds, known and named: left out by mistake (GAP) or on purpose (NOT_SERVED).
create table gap (
  id       bigint generated always as identity primary key,
  layer_id integer not null references layer,
  name     text not null check (length(name) between 1 and 200),
  status   text not null default 'GAP' check (status in ('GAP', 'NOT_SERVED')),
  boundary geometry(MultiPolygon, 4326) not null check (is_on_lattice(boundary) and ST_IsValid(boundary)),
  valid    tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from)
);
create index gap_opened on gap (edition_from);
create index gap_closed on gap (edition_to) where edition_to is not null;
call keep_dated('gap', true);
