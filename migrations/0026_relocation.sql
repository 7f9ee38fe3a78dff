-- Who is told of an open incident follows the tree: where a grid gets another parent, is merged, split or ended, by an
-- edition or because the day of a planned version has come, the areas that lose its incidents are told LEFT, and those
-- that gain them ENTERED. Owners stay those of their day.

-- Who was looked at when the tree was another.
create index incident_told_edition on incident (told_edition) where status = 'OPEN';
create index incident_told_at on incident (told_at) where status = 'OPEN';
-- When the tree changed last is asked every two seconds.
create index grid_version_begins on grid_version (lower(valid)) where edition_to is null;
create index grid_version_ends on grid_version (upper(valid)) where edition_to is null;
create index grid_lineage_at on grid_lineage (at);

-- Looks at open incidents that were last looked at before the tree changed, at most so many, and tells those areas for
-- which something changed. One that somebody is changing comes next time. Gives how many it looked at. Any number of
-- servers may do this at the same time: who has the lock of an incident finds it as the last one left it.
create function relocate_incidents(instant timestamptz, most integer) returns integer language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  shown text := set_config('wangge.areas', '*', true);
  tree_edition constant integer := greatest(
    (select max(v.edition_from) from public.grid_version v),
    (select max(v.edition_to) from public.grid_version v where v.edition_to is not null),
    (select max(l.edition_from) from public.grid_lineage l));
  tree_at constant timestamptz := greatest(
    (select max(lower(v.valid)) from public.grid_version v where v.edition_to is null and lower(v.valid) <= instant),
    (select max(upper(v.valid)) from public.grid_version v where v.edition_to is null and upper(v.valid) <= instant),
    (select max(l.at) from public.grid_lineage l where l.at <= instant));
  ids uuid[];
  i record;
begin
  -- Two statements with an order, so that each is one look into an index where nothing changed.
  ids := array(select o.id from public.incident o where o.status = 'OPEN' and o.told_edition < tree_edition
    order by o.told_edition limit most for no key update skip locked);
  ids := ids || array(select o.id from public.incident o where o.status = 'OPEN' and o.told_at < tree_at and o.id <> all (ids)
    order by o.told_at limit most - cardinality(ids) for no key update skip locked);
  -- Its own statement, behind the locks, with one view of the tree and of the number of its edition. Never back in time
  -- for an incident, so that two servers whose clocks differ do not move it to and fro.
  for i in
    select t.*, public.areas_of(t.owners, t.told_at) as after from (
      select o.id, o.version, o.area_ids as before, greatest(instant, o.told_at) as told_at,
        (select max(e.number) from public.edition e) as edition,
        array(select p.grid_id from public.incident_party p
          where p.incident_id = o.id and p.reason = 'OWNER' and p.to_version is null order by p.grid_id) as owners
      from public.incident o where o.id = any (ids)
    ) t order by t.id
  loop
    insert into public.incident_event (id, incident_id, version, kind, act, at, "by", grid_ids, details, area_ids)
      select gen_random_uuid(), i.id, i.version + row_number() over (order by n.place), n.kind, 'TREE_' || n.kind, i.told_at,
        'system:feed', i.owners, jsonb_build_object('edition', i.edition), n.areas
      from (
        values (1, 'LEFT', array(select unnest(i.before) except select unnest(i.after) order by 1)),
          (2, 'ENTERED', array(select unnest(i.after) except select unnest(i.before) order by 1))
      ) n (place, kind, areas)
      where cardinality(n.areas) > 0 order by n.place;
    update public.incident o set told_edition = i.edition, told_at = i.told_at where o.id = i.id;
  end loop;
  shown := set_config('wangge.areas', coalesce(areas, ''), true);
  return cardinality(ids);
end $$;

-- How many events wait to be sequenced, and since when: seconds, or nobody sequences.
create function feed_waiting(out events bigint, out oldest_at timestamptz) language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select count(*), min(o.at) from public.feed_outbox o
$$;

revoke execute on function relocate_incidents(timestamptz, integer), feed_waiting() from public;
grant execute on function relocate_incidents(timestamptz, integer), feed_waiting() to wangge_server;
