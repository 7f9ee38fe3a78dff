-- Local practice of areas: categories, grades, routes, ladders, warnings, kinds of visits … all of it data. One row is what
-- an area sets from an instant on, section by section, as known from an edition on; a later row for the same area replaces
-- the sections that it names. Rows are never changed.
create table practice (
  id         bigint generated always as identity primary key,
  -- Null: everywhere.
  grid_id    uuid references grid,
  valid_from timestamptz not null check (isfinite(valid_from)),
  edition_from integer not null references edition,
  sections   jsonb not null check (jsonb_typeof(sections) = 'object' and length(sections::text) <= 1000000)
);
create index practice_opened on practice (edition_from);
call keep_dated('practice', false);
call serve_dated('practice', false);
