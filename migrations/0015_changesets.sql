-- Drafts of changes to boundaries and trees, and what published ones leave behind: members and lineage.

-- Who published it, for the one whose draft it crossed: the subject of the audit, not a person's name.
alter table edition add column published_by text check (length(published_by) between 1 and 300);

-- What is asked of the grids of a tier, and what they are made of: local practice, changed by administrators. It says
-- what a draft may be published as, not what any grid was, so it has no editions.
create table tier_rule (
  tier_id       integer primary key references tier,
  -- Null: drawn by hand. CHILDREN: the union of the children. MEMBERS: the union of grids of a tier of another layer.
  made_of       text check (made_of in ('CHILDREN', 'MEMBERS')),
  member_tier_id integer references tier,
  code_pattern  text check (length(code_pattern) between 1 and 200),
  least_square_metres double precision not null default 10 check (least_square_metres >= 10),
  least_width_metres  double precision not null default 1 check (least_width_metres >= 0),
  load_measure  text check (length(load_measure) between 1 and 64),
  load_least    double precision,
  load_most     double precision,
  check ((made_of is not distinct from 'MEMBERS') = (member_tier_id is not null)),
  check (member_tier_id <> tier_id),
  check ((load_measure is null) = (load_least is null) and (load_measure is null) = (load_most is null)),
  check (load_least <= load_most)
);
grant select, insert, update on tier_rule to wangge_server;

-- Grids of another layer that make up a grid: each is in one grid of a tier at most, on any date.
create table grid_member (
  id        bigint generated always as identity primary key,
  grid_id   uuid not null,
  layer_id  integer not null,
  tier_id   integer not null,
  member_id uuid not null references grid check (member_id <> grid_id),
  valid     tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  foreign key (grid_id, layer_id, tier_id) references grid (id, layer_id, tier_id),
  constraint grid_member_one_per_instant
    exclude using gist (tier_id with =, member_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index grid_member_by_grid on grid_member (grid_id) where edition_to is null;
create index grid_member_opened on grid_member (edition_from);
create index grid_member_closed on grid_member (edition_to) where edition_to is not null;
call keep_dated('grid_member', true);
call serve_dated('grid_member', true);

-- How grids that were merged, split or retired go on in others.
create table grid_lineage (
  id      bigint generated always as identity primary key,
  from_id uuid not null references grid,
  to_id   uuid not null references grid check (to_id <> from_id),
  how     text not null check (how in ('MERGED', 'SPLIT', 'RETIRED')),
  at      timestamptz not null,
  edition_from integer not null references edition
);
create index grid_lineage_from on grid_lineage (from_id);
create index grid_lineage_to on grid_lineage (to_id);
create index grid_lineage_opened on grid_lineage (edition_from);
call keep_dated('grid_lineage', false);
call serve_dated('grid_lineage', false);

create table changeset (
  id       uuid primary key,
  title    text not null check (length(title) between 1 and 200),
  -- A published one whose day has not come is shown as SCHEDULED.
  status   text not null default 'DRAFT' check (status in ('DRAFT', 'SUBMITTED', 'APPROVED', 'PUBLISHED', 'DISCARDED')),
  -- Counts every change, so that nobody changes what another has changed since.
  revision integer not null default 0 check (revision >= 0),
  author   text not null check (length(author) between 1 and 300),
  -- What it starts from: the territory of this edition as of this instant. 0: an empty registry.
  base_edition integer not null check (base_edition >= 0),
  base_as_of   timestamptz not null,
  -- The edition that it takes back.
  reverts      integer references edition,
  -- The grids that it touches, for who may see it.
  grid_ids     uuid[] not null default '{}',
  opened_at    timestamptz not null,
  changed_at   timestamptz not null,
  submitted_at timestamptz,
  approved_at  timestamptz,
  approved_by  text check (approved_by <> author),
  edition      integer unique references edition,
  effective_at timestamptz,
  check ((status in ('DRAFT', 'DISCARDED')) or submitted_at is not null),
  check (status <> 'APPROVED' or approved_by is not null),
  check ((status = 'PUBLISHED') = (edition is not null) and (edition is null) = (effective_at is null))
);
create index changeset_touching on changeset using gin (grid_ids);
create index changeset_by_author on changeset (author, opened_at);
create index changeset_by_time on changeset (opened_at, id);

-- A published or discarded changeset stays as it is, and nothing takes any of them away.
create function keep_changeset() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.status not in ('PUBLISHED', 'DISCARDED') and new.id = old.id and new.author = old.author
     and new.opened_at = old.opened_at and new.reverts is not distinct from old.reverts then
    return new;
  end if;
  raise exception using errcode = 'WG005',
    message = 'A published or discarded changeset is kept as it is.',
    hint = 'Open a new changeset.';
end $$;
create trigger changeset_kept before update or delete on changeset for each row execute function keep_changeset();
create trigger changeset_not_emptied before truncate on changeset for each statement execute function refuse_change();

-- The steps of a changeset in their order: ops as they were asked for, and what they did, grid by grid.
create table changeset_step (
  changeset_id uuid not null references changeset,
  position  integer not null check (position >= 1),
  ops       jsonb not null check (jsonb_typeof(ops) = 'array'),
  patch     jsonb not null,
  lineage   jsonb not null default '[]',
  -- Undone steps stand behind the others and are done again by redo, until another step takes their place.
  undone    boolean not null default false,
  -- Why a rebase left it out.
  dropped   text,
  made_at   timestamptz not null,
  primary key (changeset_id, position)
);
create table changeset_waiver (
  changeset_id uuid not null references changeset,
  issue_id  text not null check (length(issue_id) between 1 and 100),
  reason    text not null check (length(reason) between 1 and 500),
  waived_by text not null,
  waived_at timestamptz not null,
  primary key (changeset_id, issue_id)
);
create function keep_changeset_parts() returns trigger language plpgsql as $$
begin
  if exists (select from changeset where status in ('PUBLISHED', 'DISCARDED')
             and id = case when tg_op = 'INSERT' then new.changeset_id else old.changeset_id end) then
    raise exception using errcode = 'WG005',
      message = 'A published or discarded changeset is kept as it is.',
      hint = 'Open a new changeset.';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger changeset_step_kept before insert or update or delete on changeset_step
  for each row execute function keep_changeset_parts();
create trigger changeset_waiver_kept before insert or update or delete on changeset_waiver
  for each row execute function keep_changeset_parts();
create trigger changeset_step_not_emptied before truncate on changeset_step
  for each statement execute function refuse_change();
create trigger changeset_waiver_not_emptied before truncate on changeset_waiver
  for each statement execute function refuse_change();
grant select, insert, update on changeset to wangge_server;
grant select, insert, update, delete on changeset_step, changeset_waiver to wangge_server;
