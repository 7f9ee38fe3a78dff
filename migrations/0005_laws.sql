-- The laws that span rows, judged once for each edition, at commit. Whatever wrote the rows, the API or raw SQL, an
-- edition that breaks a law is not published. Each statement that touches a table leaves a mark; the first deferred
-- trigger to run takes all marks of the edition and judges it, so SET CONSTRAINTS cannot slip rows past the judge.

create table edition_mark (
  id      bigint generated always as identity primary key,
  edition integer not null
);

-- Only the judge, itself a trigger, takes marks away: without its marks an edition would not be judged.
create function keep_marks() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception using errcode = 'WG005',
    message = 'The marks of an edition are kept until it is judged.',
    hint = 'Leave edition_mark alone.';
end $$;
create trigger edition_mark_kept before update or delete on edition_mark for each row execute function keep_marks();

create function mark_edition() returns trigger language plpgsql as $$
begin
  insert into edition_mark (edition) select number from edition where transaction = pg_current_xact_id();
  return null;
end $$;

create function grid_codes(ids uuid[]) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(coalesce(c.code, g.id::text) order by n), '[]')
  from unnest(ids) with ordinality as g (id, n)
  left join grid_code c on c.grid_id = g.id and c.main and c.edition_to is null
$$;

create function refuse_edition(law text, sentence text, way_out text, ids uuid[]) returns void language plpgsql as $$
declare
  codes jsonb := grid_codes(ids);
begin
  raise exception using errcode = law,
    message = format(sentence, variadic array(select jsonb_array_elements_text(codes))),
    detail = jsonb_build_object('grids', codes)::text,
    hint = way_out;
end $$;

-- A parent must exist on every day of its child, in the same layer, and sit in a higher tier.
create function assert_parents(ed integer) returns void language plpgsql as $$
declare
  orphan uuid[];
begin
  select array[c.grid_id, c.parent_id] into orphan
  from grid_version c
  join tier t on t.id = c.tier_id
  left join grid p on p.id = c.parent_id
  left join tier pt on pt.id = p.tier_id
  where c.edition_to is null and c.parent_id is not null
    and (c.edition_from = ed or exists (
      select from grid_version x where x.grid_id = c.parent_id and (x.edition_from = ed or x.edition_to = ed)))
    and (p.layer_id <> c.layer_id or pt.rank >= t.rank or not coalesce(
      (select tstzmultirange(c.valid) <@ range_agg(v.valid) from grid_version v
       where v.grid_id = c.parent_id and v.edition_to is null), false))
  limit 1;
  if orphan is not null then
    perform refuse_edition('WG003', 'Grid %s has no parent %s of a higher tier of its layer on all of its dates.',
      'Name a parent that exists from the first to the last day of the grid.', orphan);
  end if;
end $$;

-- A child may leave its parent by no more than 0.1 % of its own area: real layers nest by code, not by the last bit.
create function assert_nested(ed integer) returns void language plpgsql as $$
declare
  stray uuid[];
begin
  select array[c.grid_id, p.grid_id] into stray
  from grid_version c
  join grid_version p on p.grid_id = c.parent_id and p.edition_to is null and p.valid && c.valid
  where c.edition_to is null and (c.edition_from = ed or p.edition_from = ed)
    and not ST_Covers(p.boundary, c.boundary)
    and ST_Area(ST_Difference(c.boundary, p.boundary)) > 0.001 * ST_Area(c.boundary)
  limit 1;
  if stray is not null then
    perform refuse_edition('WG002', 'Grid %s leaves its parent %s by more than 0.1 %% of its area.',
      'Redraw the grid or its parent, or name the parent that holds it.', stray);
  end if;
end $$;

-- In a PARTITION neither siblings nor grids of one tier share interior: exactly, with no tolerance.
create function assert_no_overlap(ed integer) returns void language plpgsql as $$
declare
  pair uuid[];
begin
  select array[a.grid_id, b.grid_id] into pair
  from grid_version a
  join layer l on l.id = a.layer_id and l.kind = 'PARTITION'
  join grid_version b on b.layer_id = a.layer_id and b.boundary && a.boundary and b.valid && a.valid
    and b.edition_to is null and b.grid_id <> a.grid_id
    and (b.tier_id = a.tier_id or b.parent_id is not distinct from a.parent_id)
  where a.edition_from = ed and a.edition_to is null and (b.edition_from < ed or a.id < b.id)
    and ST_Relate(a.boundary, b.boundary, 'T********')
  limit 1;
  if pair is not null then
    perform refuse_edition('WG001', 'Grids %s and %s overlap, and their layer is a PARTITION.',
      'Redraw one of them, or import the layer as a whole so that borders are shared.', pair);
  end if;
end $$;

create function assert_staff_only(ed integer) returns void language plpgsql as $$
begin
  if exists (
    select from person_version p where p.edition_to is null
      and (p.edition_from = ed or exists (
        select from appointment a where a.person_id = p.person_id and a.edition_to = ed))
      and not exists (select from appointment a where a.person_id = p.person_id and a.edition_to is null)
  ) then
    raise exception using errcode = 'WG003',
      message = 'A person without any post cannot be filed.',
      hint = 'Appoint the person to a post in the same edition, or leave the person out.';
  end if;
end $$;

create function judge_edition() returns trigger language plpgsql as $$
begin
  delete from edition_mark where edition = new.edition;
  if not found then
    return null;
  end if;
  -- A large edition is judged before anyone has counted its rows: without counts the planner compares all with all.
  if (select count(*) > 1000 from grid_version where edition_from = new.edition) then
    analyze grid_version;
  end if;
  perform assert_parents(new.edition);
  perform assert_nested(new.edition);
  perform assert_no_overlap(new.edition);
  perform assert_staff_only(new.edition);
  return null;
end $$;
create constraint trigger edition_judged after insert on edition_mark
  deferrable initially deferred for each row execute function judge_edition();

create trigger grid_version_marks after insert or update on grid_version
  for each statement execute function mark_edition();
create trigger person_version_marks after insert or update on person_version
  for each statement execute function mark_edition();
create trigger appointment_marks after insert or update on appointment
  for each statement execute function mark_edition();
