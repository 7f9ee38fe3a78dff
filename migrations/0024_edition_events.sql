-- Editions as events of the feed: of what each opened and closed, at most one BOUNDARY event for the territory and one
-- OWNERSHIP event for those who answer. PUBLISHED is in force at once, PLANNED lies ahead by `effective_at`; EFFECTIVE is
-- told on every later day on which something that the edition said begins or ends, unless another edition took it back.
-- That day comes from the rows, for `effective_at` is one date for the log, and a term of office has two.

-- What an edition opened and closed is read by its number.
create index grid_code_opened on grid_code (edition_from);
create index grid_code_closed on grid_code (edition_to) where edition_to is not null;
-- The posts of a place that moved, or of a body that is named otherwise.
create index post_by_place on post (place_id) where place_id is not null;
create index appointment_by_body on appointment (body_id) where body_id is not null;

-- Days to come. A row goes when its day is told, by which no two servers tell it; a mark "told until then" would pass over
-- an edition that was written before and committed after.
create table planned_edition (
  at      timestamptz not null check (isfinite(at)),
  edition integer not null references edition,
  topic   text not null check (topic in ('BOUNDARY', 'OWNERSHIP')),
  primary key (at, edition, topic)
);

-- The grids and posts of whatever an edition opened or closed; of one day, only what it opened and still stands and begins
-- or ends then. `parent_id`: the grid above as the row has it, so that those are told who lose a grid.
-- BOUNDARY: versions, codes, members and lineage of grids, and gaps, by the grids that hold ground of theirs.
-- Read from the rows of the edition outwards, by the indexes of ids, which is what `offset 0` is for: these tables are as
-- large as a city, plans are kept from one edition to the next, nobody has counted the rows of an import, and looked up by
-- their dates all of them would be read for each.
-- OWNERSHIP: posts, appointments, rosters, and teams that cover grids; besides what changes the answer of a post without a
-- row of its own: its holder's name and office phone, its place, the holidays of its rosters, a role its tier requires.
-- Not so: who stands under whom, what teams are made of, where holders are based, and duties, which answer for no place.
create function edition_rows(ed integer, day timestamptz)
  returns table (topic text, grid_id uuid, parent_id uuid, post_id uuid, valid tstzrange, stands boolean)
  language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
    select 'BOUNDARY', r.grid_id, r.parent_id, null::uuid, r.valid, r.edition_to is null
    from (select v.grid_id, v.parent_id, v.valid, v.edition_to from grid_version v where v.edition_from = ed
          union all
          select v.grid_id, v.parent_id, v.valid, v.edition_to from grid_version v where v.edition_to = ed and day is null) r
    where day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid)));
  return query
    select 'BOUNDARY', v.grid_id, null::uuid, null::uuid, r.valid, r.edition_to is null
    from (select g.layer_id, g.boundary, g.valid, g.edition_to from gap g where g.edition_from = ed
          union all
          select g.layer_id, g.boundary, g.valid, g.edition_to from gap g where g.edition_to = ed and day is null) r
    cross join lateral (select g.grid_id, g.valid from grid_version g
      where g.layer_id = r.layer_id and g.boundary && r.boundary and g.edition_to is null
        and ST_Relate(g.boundary, r.boundary, 'T********') offset 0) v
    where v.valid && r.valid and (day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid))));
  return query
    select 'BOUNDARY', r.grid_id, null::uuid, null::uuid, r.valid, r.edition_to is null
    from (select m.grid_id, m.valid, m.edition_to from grid_member m where m.edition_from = ed
          union all
          select m.grid_id, m.valid, m.edition_to from grid_member m where m.edition_to = ed and day is null) r
    where day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid)));
  return query
    select 'OWNERSHIP', r.grid_id, null::uuid, null::uuid, r.valid, r.edition_to is null
    from (select c.grid_id, c.valid, c.edition_to from team_coverage c where c.edition_from = ed
          union all
          select c.grid_id, c.valid, c.edition_to from team_coverage c where c.edition_to = ed and day is null) r
    where day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid)));
  return query
    select 'OWNERSHIP', p.grid_id, null::uuid, p.id, r.valid, r.edition_to is null
    from (select v.post_id, v.valid, v.edition_to from post_version v where v.edition_from = ed
          union all
          select v.post_id, v.valid, v.edition_to from post_version v where v.edition_to = ed and day is null
          union all
          select a.post_id, a.valid, a.edition_to from appointment a where a.edition_from = ed
          union all
          select a.post_id, a.valid, a.edition_to from appointment a where a.edition_to = ed and day is null
          union all
          select s.post_id, s.valid, s.edition_to from roster s where s.edition_from = ed
          union all
          select s.post_id, s.valid, s.edition_to from roster s where s.edition_to = ed and day is null) r
    cross join lateral (select h.id, h.grid_id from post h where h.id = r.post_id offset 0) p
    where day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid)));
  return query
    select 'OWNERSHIP', p.grid_id, null::uuid, p.id, r.valid, r.edition_to is null
    from (select v.person_id, v.valid, v.edition_to from person_version v where v.edition_from = ed
          union all
          select v.person_id, v.valid, v.edition_to from person_version v where v.edition_to = ed and day is null) r
    cross join lateral (select h.post_id, h.valid from appointment h
      where h.person_id = r.person_id and h.edition_to is null offset 0) a
    cross join lateral (select h.id, h.grid_id from post h where h.id = a.post_id offset 0) p
    where a.valid && r.valid and (day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid))));
  return query
    select 'OWNERSHIP', h.grid_id, null::uuid, h.post_id, r.valid, r.edition_to is null
    from (select v.body_id, v.valid, v.edition_to from body_version v where v.edition_from = ed
          union all
          select v.body_id, v.valid, v.edition_to from body_version v where v.edition_to = ed and day is null) r
    cross join lateral (
      (select p.grid_id, p.id as post_id, a.valid
       from (select a.post_id, a.valid from appointment a where a.body_id = r.body_id and a.edition_to is null offset 0) a
       cross join lateral (select o.id, o.grid_id from post o where o.id = a.post_id offset 0) p)
      union all
      (select c.grid_id, null, c.valid from team_coverage c
       where c.body_id = r.body_id and c.edition_to is null offset 0)) h
    where h.valid && r.valid and (day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid))));
  return query
    select 'OWNERSHIP', p.grid_id, null::uuid, p.id, r.valid, r.edition_to is null
    from (select v.site_id as place_id, v.valid, v.edition_to from site_version v where v.edition_from = ed
          union all
          select v.site_id, v.valid, v.edition_to from site_version v where v.edition_to = ed and day is null
          union all
          select v.premises_id, v.valid, v.edition_to from premises_version v where v.edition_from = ed
          union all
          select v.premises_id, v.valid, v.edition_to from premises_version v where v.edition_to = ed and day is null
          union all
          select v.line_id, v.valid, v.edition_to from line_version v where v.edition_from = ed
          union all
          select v.line_id, v.valid, v.edition_to from line_version v where v.edition_to = ed and day is null
          union all
          select v.building_id, v.valid, v.edition_to from building_version v where v.edition_from = ed
          union all
          select v.building_id, v.valid, v.edition_to from building_version v where v.edition_to = ed and day is null) r
    cross join lateral (select h.id, h.grid_id from post h where h.place_id = r.place_id offset 0) p
    where day is null or (r.edition_to is null and day in (lower(r.valid), upper(r.valid)));
  if day is not null then
    return;
  end if;
  -- These have no dates of their own, or none that is taken back with the rest.
  return query
    select 'BOUNDARY', r.grid_id, null::uuid, null::uuid, null::tstzrange, false
    from (select c.grid_id from grid_code c where c.edition_from = ed
          union all
          select c.grid_id from grid_code c where c.edition_to = ed
          union all
          select unnest(array[l.from_id, l.to_id]) from grid_lineage l where l.edition_from = ed) r;
  return query
    select 'OWNERSHIP', v.grid_id, null::uuid, null::uuid, null::tstzrange, false
    from (select t.tier_id from role_tier t where t.edition_from = ed and t.required offset 0) r
    cross join lateral (select g.grid_id from grid_version g where g.tier_id = r.tier_id and g.edition_to is null offset 0) v;
  return query
    select 'OWNERSHIP', p.grid_id, null::uuid, p.id, null::tstzrange, false
    from (select h.calendar from holiday h where h.edition_from = ed
          union
          select h.calendar from holiday h where h.edition_to = ed) r
    cross join lateral (select o.post_id from roster o
      where o.holiday_calendar = r.calendar and o.edition_to is null offset 0) s
    cross join lateral (select h.id, h.grid_id from post h where h.id = s.post_id offset 0) p;
end $$;

-- The grids, what was above them, and all above these, on both days.
create function told_of(grids uuid[], parents uuid[], one_day timestamptz, another timestamptz) returns uuid[]
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  roots uuid[] := array(select distinct g from unnest(grids || parents) g where g is not null);
begin
  if one_day = another then
    return public.areas_of(roots, one_day);
  end if;
  return array(select unnest(public.areas_of(roots, one_day)) union select unnest(public.areas_of(roots, another)) order by 1);
end $$;

-- Ids only, and of many the first: who wants all reads the edition. Nobody's name is in it.
create function edition_shell(e edition, effective timestamptz, grids uuid[], posts uuid[]) returns jsonb language sql stable
  return jsonb_build_object('edition', e.number, 'publishedAt', e.published_at, 'effectiveAt', effective, 'title', e.title,
    'grids', grids[1:1000], 'gridCount', cardinality(grids)) || case when posts is null then '{}' else
    jsonb_build_object('posts', posts[1:1000], 'postCount', cardinality(posts)) end;

create function tell_edition() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
  set jit = off as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
begin
  with said as materialized (
    select r.* from public.edition_rows(new.number, null) r
  ), ahead as (
    insert into public.planned_edition (at, edition, topic)
    select distinct d.at, new.number, s.topic
    from said s cross join lateral (values (lower(s.valid)), (upper(s.valid))) d (at)
    where s.stands and d.at > new.published_at and isfinite(d.at)
  )
  insert into public.feed_outbox (event_id, topic, kind, subject, version, at, area_ids, payload)
    select gen_random_uuid(), t.topic, case when new.effective_at > new.published_at then 'PLANNED' else 'PUBLISHED' end,
      new.number, 0, new.published_at, public.told_of(t.grids, t.parents, new.published_at, new.effective_at),
      public.edition_shell(new, new.effective_at, t.grids, t.posts)
    from (
      select s.topic, array_agg(distinct s.grid_id) as grids, array_agg(distinct s.parent_id) as parents,
        case when s.topic = 'OWNERSHIP' then coalesce(array_agg(distinct s.post_id) filter (where s.post_id is not null), '{}') end
          as posts
      from said s group by s.topic
    ) t order by t.topic;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return null;
end $$;
create constraint trigger edition_told after insert on edition
  deferrable initially deferred for each row execute function tell_edition();

-- Tells of editions on the days on which what they said begins or ends, up to `now`, at most fifty at a time; gives how
-- many days it was through with, 0 also where another server is at it. The ids of the events say what they tell.
create function tell_due_editions(now timestamptz) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp set jit = off as $$
declare
  areas text := current_setting('wangge.areas', true);
  due record;
  through integer := 0;
begin
  if not exists (select from public.planned_edition p where p.at <= now)
     or not pg_try_advisory_xact_lock(hashtext('wangge.editions.due')) then
    return 0;
  end if;
  perform set_config('wangge.areas', '*', true);
  for due in
    select p.at, p.topic, e as edition from public.planned_edition p join public.edition e on e.number = p.edition
    where p.at <= now order by p.at, p.edition, p.topic limit 50
  loop
    insert into public.feed_outbox (event_id, topic, kind, subject, version, at, area_ids, payload)
      select md5(concat_ws('/', 'edition', (due.edition).number, extract(epoch from (due.edition).published_at), due.topic,
          'EFFECTIVE', extract(epoch from due.at)))::uuid,
        due.topic, 'EFFECTIVE', (due.edition).number, 0, due.at,
        public.told_of(t.grids, t.parents, due.at - interval '1 microsecond', due.at),
        public.edition_shell(due.edition, due.at, t.grids, t.posts)
      from (
        select array_agg(distinct r.grid_id) as grids, array_agg(distinct r.parent_id) as parents,
          case when due.topic = 'OWNERSHIP' then coalesce(array_agg(distinct r.post_id) filter (where r.post_id is not null), '{}')
            end as posts
        from public.edition_rows((due.edition).number, due.at) r where r.topic = due.topic
      ) t where t.grids is not null;
    delete from public.planned_edition p
      where p.at = due.at and p.edition = (due.edition).number and p.topic = due.topic;
    through := through + 1;
  end loop;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  return through;
end $$;

-- As in 0006: the functions mean our own tables.
do $$
declare
  path text;
begin
  select string_agg(distinct format('%I, ', n.nspname), '') into path
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname in ('postgis', 'btree_gist') and n.nspname not in ('public', 'pg_catalog');
  execute format('alter function edition_rows(integer, timestamptz) set search_path = pg_catalog, public, %spg_temp',
    coalesce(path, ''));
end $$;
alter function edition_rows(integer, timestamptz) set jit = off;
alter function edition_rows(integer, timestamptz) set enable_seqscan = off;

-- What was published before is not told again; what of it lies ahead is told on its day.
do $$
begin
  perform set_config('wangge.areas', '*', true);
  insert into planned_edition (at, edition, topic)
    select distinct d.at, e.number, r.topic
    from edition e cross join lateral edition_rows(e.number, null) r
    cross join lateral (values (lower(r.valid)), (upper(r.valid))) d (at)
    where r.stands and isfinite(d.at) and d.at > greatest(now(), (select max(l.published_at) from edition l));
  perform set_config('wangge.areas', '', true);
end $$;

revoke execute on function edition_rows(integer, timestamptz), told_of(uuid[], uuid[], timestamptz, timestamptz),
  edition_shell(edition, timestamptz, uuid[], uuid[]), tell_edition(), tell_due_editions(timestamptz) from public;
revoke all on planned_edition from wangge_server;
grant execute on function tell_due_editions(timestamptz) to wangge_server;
