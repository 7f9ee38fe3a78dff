-- Bodies, people, roles, posts and appointments. Staff and organisations only: a person who holds no post is refused.

create table body_version (
  id      bigint generated always as identity primary key,
  body_id uuid not null references body,
  name    text not null check (length(name) between 1 and 200),
  kind    text not null check (length(kind) between 1 and 64),
  office_phone text check (length(office_phone) between 1 and 40),
  languages  text[] not null default '{}',
  -- Matters this body answers for; empty means all.
  categories text[] not null default '{}',
  valid   tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint body_version_one_per_instant
    exclude using gist (body_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index body_version_opened on body_version (edition_from);
create index body_version_closed on body_version (edition_to) where edition_to is not null;
call keep_dated('body_version', true);

create table person (
  id uuid primary key,
  edition_from integer not null references edition
);
call keep_dated('person', false);

create table person_version (
  id        bigint generated always as identity primary key,
  person_id uuid not null references person,
  name      text not null check (length(name) between 1 and 100),
  -- The number of the office, never a private one.
  office_phone text check (length(office_phone) between 1 and 40),
  body_id   uuid references body,
  languages text[] not null default '{}',
  valid     tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint person_version_one_per_instant
    exclude using gist (person_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index person_version_opened on person_version (edition_from);
create index person_version_closed on person_version (edition_to) where edition_to is not null;
call keep_dated('person_version', true);

create table role (
  id       integer generated always as identity primary key,
  code     text not null unique check (length(code) between 1 and 64),
  name     text not null,
  -- Which of the short answers of an ownership this role gives, if any.
  answers_as text check (answers_as in ('officer', 'gridWorker', 'mediationTeam')),
  position integer not null,
  -- Matters this role answers for; empty means all.
  categories text[] not null default '{}',
  edition_from integer not null references edition
);
call keep_dated('role', false);

-- The tiers where a role sits; a required post is shown vacant where nobody was appointed.
create table role_tier (
  role_id  integer not null references role,
  tier_id  integer not null references tier,
  required boolean not null default false,
  edition_from integer not null references edition,
  primary key (role_id, tier_id)
);
call keep_dated('role_tier', false);

-- One post for each role and grid; several people may hold it, and one person several posts.
create table post (
  id      uuid primary key,
  role_id integer not null references role,
  grid_id uuid not null references grid,
  edition_from integer not null references edition,
  unique (role_id, grid_id)
);
create index post_by_grid on post (grid_id);
call keep_dated('post', false);

create table post_version (
  id      bigint generated always as identity primary key,
  post_id uuid not null references post,
  valid   tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint post_version_one_per_instant
    exclude using gist (post_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index post_version_opened on post_version (edition_from);
create index post_version_closed on post_version (edition_to) where edition_to is not null;
call keep_dated('post_version', true);

create table appointment (
  id        bigint generated always as identity primary key,
  appointment_id uuid not null,
  post_id   uuid not null references post,
  person_id uuid references person,
  body_id   uuid references body,
  rank      text not null check (rank in ('PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT')),
  valid     tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint appointment_one_holder check (num_nonnulls(person_id, body_id) = 1),
  constraint appointment_one_per_instant
    exclude using gist (appointment_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index appointment_by_post on appointment (post_id);
create index appointment_by_person on appointment (person_id) where person_id is not null;
create index appointment_opened on appointment (edition_from);
create index appointment_closed on appointment (edition_to) where edition_to is not null;
call keep_dated('appointment', true);
