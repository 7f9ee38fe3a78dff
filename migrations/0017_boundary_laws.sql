-- Laws of drafts, members, lineage and derived grids, and that a changeset leaves no gap: against raw SQL too.

-- Asked once a statement, for marks.
create index edition_by_transaction on edition (transaction);
create index grid_member_by_member on grid_member (member_id) where edition_to is null;
-- Two ends of time that no calendar holds, so that no client could be told the date.
alter table grid_version add constraint grid_version_finite check (isfinite(lower(valid)) and isfinite(upper(valid)));

-- What it may become, in which order; what was approved is published as it was approved, by its own edition.
create function move_changeset() returns trigger language plpgsql as $$
declare
  known text := case when tg_op = 'INSERT' then 'NEW' else old.status end;
  fault text;
begin
  if not (new.status = any (case known
       when 'NEW' then '{DRAFT}' when 'DRAFT' then '{DRAFT,SUBMITTED,DISCARDED}'
       when 'SUBMITTED' then '{DRAFT,SUBMITTED,APPROVED,DISCARDED}'
       when 'APPROVED' then '{DRAFT,APPROVED,PUBLISHED,DISCARDED}' else '{}' end::text[])) then
    fault := format('A changeset that is %s cannot become %s.', known, new.status);
  elsif new.approved_by = new.author then
    fault := 'Nobody approves a changeset of their own.';
  elsif new.base_edition > coalesce((select max(number) from edition), 0) then
    fault := format('There is no edition %s to start from.', new.base_edition);
  elsif tg_op = 'UPDATE' and new.revision < old.revision then
    fault := 'The revision of a changeset only grows.';
  elsif known = 'APPROVED' and new.status in ('APPROVED', 'PUBLISHED')
        and (new.approved_by, new.approved_at, new.title) is distinct from (old.approved_by, old.approved_at, old.title) then
    fault := 'What was approved is published as it was approved.';
  elsif new.status = 'PUBLISHED'
        and not exists (select from edition where number = new.edition and transaction = pg_current_xact_id()) then
    fault := 'A changeset is published by its own edition, in the same transaction.';
  end if;
  if fault is not null then
    raise exception using errcode = 'WG006', message = fault, hint = 'Draft, submit, have another approve, then publish.';
  end if;
  return new;
end $$;
create trigger changeset_moves before insert or update on changeset for each row execute function move_changeset();

-- The lock: who publishes at this moment must have ended, or a step could join a changeset that is published already.
create or replace function keep_changeset_parts() returns trigger language plpgsql as $$
declare
  id_of uuid := case when tg_op = 'INSERT' then new.changeset_id else old.changeset_id end;
  state text;
begin
  select status into state from changeset where id = id_of for share;
  if state in ('PUBLISHED', 'DISCARDED') then
    raise exception using errcode = 'WG005',
      message = 'A published or discarded changeset is kept as it is.',
      hint = 'Open a new changeset.';
  end if;
  if tg_op = 'UPDATE' and new.changeset_id <> old.changeset_id then
    raise exception using errcode = 'WG005',
      message = format('A row of %s stays with its changeset.', tg_table_name),
      hint = 'Apply the step to the other changeset.';
  end if;
  if tg_table_name = 'changeset_step' and state <> 'DRAFT' then
    raise exception using errcode = 'WG006',
      message = format('The steps of a changeset that is %s stay as they are.', state),
      hint = 'Take it back to a draft first.';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

-- What the grids of a tier are made of is not turned round under the members they have.
create function keep_tier_rule() returns trigger language plpgsql as $$
begin
  if (tg_op = 'DELETE' or (new.tier_id, new.made_of, new.member_tier_id) is distinct from
       (old.tier_id, old.made_of, old.member_tier_id))
     and exists (select from grid_member where tier_id = old.tier_id and edition_to is null) then
    raise exception using errcode = 'WG006',
      message = 'Grids of this tier have members, so what they are made of stays.',
      hint = 'Take the members away in an edition first.';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger tier_rule_kept before update or delete on tier_rule for each row execute function keep_tier_rule();

-- A member is of the tier that the rule names, and both exist on all dates of the membership.
create function assert_members(ed integer) returns void language plpgsql as $$
declare
  pair uuid[];
begin
  select array[m.member_id, m.grid_id] into pair
  from grid_member m join grid g on g.id = m.member_id
  left join tier_rule r on r.tier_id = m.tier_id
  where m.edition_to is null
    and m.id = any (array(select id from grid_member where edition_from = ed and edition_to is null
      union all select o.id from grid_version v join grid_member o on o.member_id = v.grid_id and o.edition_to is null
        where v.edition_to = ed
      union all select o.id from grid_version v join grid_member o on o.grid_id = v.grid_id and o.edition_to is null
        where v.edition_to = ed))
    and (r.member_tier_id is distinct from g.tier_id
      or not coalesce((select tstzmultirange(m.valid) <@ range_agg(v.valid) from grid_version v
        where v.grid_id = m.member_id and v.edition_to is null), false)
      or not coalesce((select tstzmultirange(m.valid) <@ range_agg(v.valid) from grid_version v
        where v.grid_id = m.grid_id and v.edition_to is null), false))
  limit 1;
  if pair is not null then
    perform refuse_edition('WG003', 'Grid %s cannot be a member of grid %s on all of those dates.',
      'Name a grid of the tier that its tier is made of, on dates on which both exist.', pair);
  end if;
end $$;

-- Where a grid goes on: one that was merged or retired ends in this edition, and the one that it goes on in is there.
create function assert_lineage(ed integer) returns void language plpgsql as $$
declare
  pair uuid[];
begin
  select array[n.from_id, n.to_id] into pair
  from grid_lineage n join grid a on a.id = n.from_id join grid b on b.id = n.to_id
  where n.edition_from = ed
    and (a.layer_id <> b.layer_id
      or not exists (select from grid_version v where v.grid_id = n.from_id and v.edition_to = ed)
      or not exists (select from grid_version v where v.grid_id = n.to_id and v.edition_to is null and v.valid @> n.at)
      or (n.how <> 'SPLIT' and exists (select from grid_version v
        where v.grid_id = n.from_id and v.edition_to is null and v.valid && tstzrange(n.at, null))))
  limit 1;
  if pair is not null then
    perform refuse_edition('WG003', 'Grid %s does not go on in grid %s in this edition.',
      'Name a grid that ends in the edition, and one of its layer that exists from then on.', pair);
  end if;
end $$;

-- A derived grid is what it is made of, at each of their dates: its boundary is their union. Less than half a cell of the
-- lattice, the smallest polygon there is, is the last bit of a double. One that nothing was part of is still drawn, and
-- what was otherwise before the edition, as in the days before its tier was derived, may stay so.
create function assert_derived(ed integer) returns void language plpgsql as $$
declare
  odd uuid[];
begin
  if not exists (select from tier_rule where made_of is not null) then
    return;
  end if;
  with touched as materialized (
    select v.grid_id as id from grid_version v where v.edition_from = ed or v.edition_to = ed
    union select v.parent_id from grid_version v where (v.edition_from = ed or v.edition_to = ed) and v.parent_id is not null
    union select m.grid_id from grid_member m where m.edition_from = ed or m.edition_to = ed
    union select m.grid_id from grid_version v join grid_member m on m.member_id = v.grid_id and m.edition_to is null
      where v.edition_from = ed or v.edition_to = ed
  ), derived as materialized (
    select v.id, v.grid_id, v.boundary, v.valid, r.made_of
    from touched t join grid_version v on v.grid_id = t.id and v.edition_to is null
    join tier_rule r on r.tier_id = v.tier_id and r.made_of is not null
  ), part as materialized (
    select d.id, c.boundary, c.valid from derived d join grid_version c on c.parent_id = d.grid_id
    where d.made_of = 'CHILDREN' and c.edition_to is null and c.valid && d.valid
    union all
    select d.id, c.boundary, c.valid * m.valid from derived d
    join grid_member m on m.grid_id = d.grid_id and m.edition_to is null and m.valid && d.valid
    join grid_version c on c.grid_id = m.member_id and c.edition_to is null and c.valid && m.valid
    where d.made_of = 'MEMBERS'
  ), instant as (
    select id, lower(valid) as at from derived
    union select p.id, e.at from part p, unnest(array[lower(p.valid), upper(p.valid)]) as e (at)
  ), judged as (
    select d.grid_id, d.boundary, d.made_of, i.at, ST_Union(p.boundary) as made from derived d
    join instant i on i.id = d.id and d.valid @> i.at
    left join part p on p.id = d.id and p.valid @> i.at
    group by d.id, d.grid_id, d.boundary, d.made_of, i.at
  ), apart as materialized (
    select * from judged
    where made is null or (not ST_Equals(boundary, made) and ST_Area(ST_SymDifference(boundary, made)) >= 5e-15)
  )
  select array[apart.grid_id] into odd from apart
  cross join lateral (
    select (select v.boundary from grid_version v where v.grid_id = apart.grid_id and v.edition_from < ed
        and coalesce(v.edition_to, ed) = ed and v.valid @> apart.at limit 1) as boundary,
      (select ST_Union(c.boundary) from grid_version c
       where c.edition_from < ed and coalesce(c.edition_to, ed) = ed and c.valid @> apart.at
         and (apart.made_of = 'CHILDREN' and c.parent_id = apart.grid_id
           or apart.made_of = 'MEMBERS' and c.grid_id = any (array(
             select m.member_id from grid_member m where m.grid_id = apart.grid_id and m.edition_from < ed
               and coalesce(m.edition_to, ed) = ed and m.valid @> apart.at)))) as made
  ) was
  where case when apart.made is null then was.made is not null
    else not coalesce(ST_Equals(was.boundary, apart.boundary) and ST_Equals(was.made, apart.made), false) end
  limit 1;
  if odd is not null then
    perform refuse_edition('WG004', 'Grid %s is not the union of what it is made of.',
      'Redraw it from its children or members in the same edition.', odd);
  end if;
end $$;

-- A changeset gives ground from grid to grid: what a tier held inside a grid that still has children of it, it holds
-- afterwards, or another child does, or it is a gap with a name. Only changesets: an import may end what its file lacks.
create function assert_ground_kept(ed integer) returns void language plpgsql as $$
declare
  bared uuid[];
begin
  if not exists (select from changeset where edition = ed) then
    return;
  end if;
  with row_of as materialized (
    select v.edition_to = ed as gone, v.tier_id, v.layer_id, v.grid_id, v.parent_id, v.boundary, v.valid
    from grid_version v join layer l on l.id = v.layer_id and l.kind = 'PARTITION'
    where (v.edition_from = ed and v.edition_to is null) or (v.edition_to = ed and v.edition_from < ed)
  ), moment as (
    select distinct tier_id, e.at from row_of, unnest(array[lower(valid), upper(valid)]) as e (at) where e.at is not null
  ), ground as (
    select r.tier_id, r.layer_id, m.at, ST_Union(r.boundary) filter (where r.gone) as before,
      ST_Union(r.boundary) filter (where not coalesce(r.gone, false)) as after
    from moment m join row_of r on r.tier_id = m.tier_id and r.valid @> m.at
    where not exists (select from row_of same where same.grid_id = r.grid_id and same.valid @> m.at
      and same.gone is distinct from r.gone and same.boundary ~= r.boundary and ST_OrderingEquals(same.boundary, r.boundary))
    group by r.tier_id, r.layer_id, m.at
  ), lost as materialized (
    select tier_id, layer_id, at, case when after is null then before else ST_Difference(before, after) end as place
    from ground where before is not null and (after is null or not ST_Covers(after, before))
  )
  select array[p.grid_id] into bared
  from lost join tier t on t.id = lost.tier_id
  join grid_version p on p.layer_id = lost.layer_id and p.edition_to is null and p.valid @> lost.at and p.boundary && lost.place
  join tier pt on pt.id = p.tier_id and pt.rank < t.rank
  cross join lateral (select ST_Intersection(lost.place, p.boundary) as place) bare
  cross join lateral (
    select ST_Union(held.boundary) as ground from (
      select g.boundary from gap g
      where g.layer_id = lost.layer_id and g.edition_to is null and g.valid @> lost.at and g.boundary && bare.place
      union all
      select c.boundary from grid_version c
      where c.parent_id = p.grid_id and c.edition_to is null and c.valid @> lost.at and c.boundary && bare.place) held
  ) held
  where exists (select from grid_version c where c.parent_id = p.grid_id and c.tier_id = t.id
      and c.edition_to is null and c.valid @> lost.at)
    and ST_Area(case when held.ground is null then bare.place else ST_Difference(bare.place, held.ground) end) >= 5e-15
  limit 1;
  if bared is not null then
    perform refuse_edition('WG002', 'Ground inside grid %s would be left without a grid of the tier that held it.',
      'Give it to a neighbour or an heir, or name it as a gap.', bared);
  end if;
end $$;

-- As before, found from the rows of the edition rather than from all children: an edit touches few.
create or replace function assert_nested(ed integer) returns void language plpgsql as $$
declare
  stray uuid[];
begin
  with pair as (
    select c.grid_id as child_id, c.boundary as child, p.grid_id as parent_id, p.boundary as parent
    from grid_version c join grid_version p on p.grid_id = c.parent_id and p.edition_to is null and p.valid && c.valid
    where c.edition_to is null and c.edition_from = ed
    union all
    select c.grid_id, c.boundary, p.grid_id, p.boundary
    from grid_version p join grid_version c on c.parent_id = p.grid_id and c.edition_to is null and c.valid && p.valid
    where p.edition_to is null and p.edition_from = ed and c.edition_from < ed
  )
  select array[child_id, parent_id] into stray from pair
  where not ST_Covers(parent, child) and ST_Area(ST_Difference(child, parent)) > 0.001 * ST_Area(child)
  limit 1;
  if stray is not null then
    perform refuse_edition('WG002', 'Grid %s leaves its parent %s by more than 0.1 %% of its area.',
      'Redraw the grid or its parent, or name the parent that holds it.', stray);
  end if;
end $$;

create or replace function judge_edition() returns trigger language plpgsql security definer as $$
declare
  areas text := current_setting('wangge.areas', true);
begin
  delete from edition_mark where edition = new.edition;
  if not found then
    return null;
  end if;
  perform set_config('wangge.areas', '*', true);
  -- A large edition is judged before anyone has counted its rows: without counts the planner compares all with all.
  if (select count(*) > 1000 from grid_version where edition_from = new.edition) then
    analyze grid_version;
  end if;
  perform assert_parents(new.edition);
  perform assert_nested(new.edition);
  perform assert_no_overlap(new.edition);
  perform assert_members(new.edition);
  perform assert_derived(new.edition);
  perform assert_ground_kept(new.edition);
  perform assert_lineage(new.edition);
  perform assert_staff_only(new.edition);
  -- Constraints may be judged before the end of the transaction, which then sees what it saw before.
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  return null;
end $$;
create trigger grid_member_marks after insert or update on grid_member
  for each statement execute function mark_edition();
create trigger grid_lineage_marks after insert on grid_lineage
  for each statement execute function mark_edition();
create trigger gap_marks after insert or update on gap
  for each statement execute function mark_edition();
create trigger changeset_marks after insert or update on changeset
  for each statement execute function mark_edition();

-- The laws mean our own tables, whatever stands first on the search path of the one who writes; and nobody calls them.
do $$
declare
  law regprocedure;
  path text;
begin
  select string_agg(distinct format('%I, ', n.nspname), '') into path
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname in ('postgis', 'btree_gist') and n.nspname not in ('public', 'pg_catalog');
  foreach law in array array['keep_changeset()', 'move_changeset()', 'keep_changeset_parts()', 'keep_tier_rule()',
    'assert_members(integer)', 'assert_lineage(integer)', 'assert_derived(integer)', 'assert_ground_kept(integer)',
    'assert_nested(integer)', 'judge_edition()']::regprocedure[]
  loop
    execute format('alter function %s set search_path = pg_catalog, public, %spg_temp', law, coalesce(path, ''));
    execute format('revoke execute on function %s from public', law);
  end loop;
end $$;
-- PostGIS makes plans look so dear that they would be compiled anew for each edition, which takes longer than they run.
alter function judge_edition() set jit = off;
