-- Figures: sums over incidents, read where they lie.

-- In which grid of a layer each incident counts: the owner with the largest share, of equal ones the one with the lower
-- id. All shares are looked at, whoever asks, so that nobody counts a matter that others count elsewhere; which incidents
-- may be counted, row security says of `incident`. `grids`: only incidents of which one of these is an owner; null: all.
create function figure_owners(layer integer, grids uuid[]) returns table (incident_id uuid, grid_id uuid)
language plpgsql security definer rows 20000 set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
begin
  if coalesce(areas, '') = '' then
    return;
  end if;
  perform set_config('wangge.areas', '*', true);
  if grids is null then
    return query select distinct on (p.incident_id) p.incident_id, p.grid_id from public.incident_party p
      where p.layer_id = layer and p.reason = 'OWNER' and p.to_version is null
      order by p.incident_id, p.share desc, p.grid_id;
  else
    return query select distinct on (p.incident_id) p.incident_id, p.grid_id from public.incident_party p
      where p.layer_id = layer and p.reason = 'OWNER' and p.to_version is null
        and p.incident_id in (select q.incident_id from public.incident_party q
          where q.grid_id = any (grids) and q.reason = 'OWNER' and q.to_version is null)
      order by p.incident_id, p.share desc, p.grid_id;
  end if;
  perform set_config('wangge.areas', areas, true);
end $$;
revoke execute on function figure_owners(integer, uuid[]) from public;
grant execute on function figure_owners(integer, uuid[]) to wangge_server;

create index mediation_attempt_by_time on mediation_attempt (at);
create index visit_by_time on visit (visited_at) where state = 'ACCEPTED';
