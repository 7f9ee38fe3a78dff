-- Rosters: when the holders of a post are on duty. A roster belongs to one appointment and says one shift of it: its days
-- by a rule of RFC 5545 and by dates, its hours by the clock on the wall of a time zone. Several rosters of one
-- appointment add up. Staff only: who is away, and why, has no column.

create table roster (
  id        bigint generated always as identity primary key,
  roster_id uuid not null,
  -- Whose duty it is. Ids of appointments have versions, so the writer looks that it is one of this post.
  appointment_id uuid not null,
  post_id   uuid not null references post,
  -- IANA name of the time zone of the clock on the wall.
  time_zone text not null check (length(time_zone) between 1 and 64),
  -- The days, as in FREQ=WEEKLY;BYDAY=SA,SU; it speaks of days only, for the hours are in the next two columns.
  rule      text not null check (length(rule) between 1 and 500),
  -- The first day from which the rule counts, and the time at which a shift begins.
  starts_local timestamp not null check (isfinite(starts_local)),
  minutes   integer not null check (minutes between 1 and 10080),
  dates_out date[] not null default '{}' check (cardinality(dates_out) <= 1000),
  dates_in  date[] not null default '{}' check (cardinality(dates_in) <= 1000),
  -- A calendar of holidays, and whether the shift is off on them or on them only.
  holiday_calendar text check (length(holiday_calendar) between 1 and 64),
  on_holidays text check (on_holidays in ('OFF', 'ONLY')),
  valid     tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint roster_holidays_whole check ((holiday_calendar is null) = (on_holidays is null)),
  constraint roster_date_out_or_in check (not dates_out && dates_in),
  constraint roster_one_per_instant
    exclude using gist (roster_id with =, valid with &&, int4range(edition_from, edition_to) with &&)
);
create index roster_opened on roster (edition_from);
create index roster_closed on roster (edition_to) where edition_to is not null;
call keep_dated('roster', true);
call serve_dated('roster', true);

alter table roster enable row level security;
alter table roster force row level security;
create policy roster_in_areas on roster
  using ((select sees_everything()) or exists (select from post p where p.id = post_id));

-- Days of named calendars of holidays; a day is its own date. Which days they are is local practice, and public.
create table holiday (
  id       bigint generated always as identity primary key,
  calendar text not null check (length(calendar) between 1 and 64),
  day      date not null check (isfinite(day)),
  name     text not null check (length(name) between 1 and 100),
  edition_from integer not null references edition,
  edition_to   integer references edition check (edition_to > edition_from),
  constraint holiday_once exclude using gist (calendar with =, day with =, int4range(edition_from, edition_to) with &&)
);
create index holiday_opened on holiday (edition_from);
create index holiday_closed on holiday (edition_to) where edition_to is not null;
call keep_dated('holiday', true);
call serve_dated('holiday', true);
