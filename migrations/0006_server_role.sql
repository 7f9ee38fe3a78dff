-- The server works as a role that owns nothing: what it may not do, no fault of ours can make it do.

do $$
begin
  if not exists (select from pg_roles where rolname = 'wangge_server') then
    create role wangge_server nologin noinherit;
  end if;
exception
  -- Another database of this server was migrated at the same moment.
  when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  if exists (select from pg_roles where rolname = 'wangge_server'
             and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)) then
    raise exception 'The role wangge_server may do more than serve; take its attributes away with ALTER ROLE.';
  end if;
  -- So that an owner may also serve, having put the owner's rights down. A superuser may anyway.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant wangge_server to %I', current_user);
    exception when insufficient_privilege then
      if not pg_has_role(current_user, 'wangge_server', 'member') then
        raise;
      end if;
    end;
  end if;
  -- Nobody but the owner makes anything here, not even a temporary table that is named like one of ours.
  execute format('revoke temporary on database %I from public', current_database());
end $$;
revoke create on schema public from public;
grant usage on schema public to wangge_server;

-- Which files are applied is no secret, and a login may ask before it takes on the role of the server.
grant select on schema_migration to public;

-- Opens a dated table to the server: it reads, adds, and closes rows. Nobody empties the table, not even its owner.
create procedure serve_dated(dated regclass, closable boolean) language plpgsql as $$
begin
  execute format('grant select, insert on %s to wangge_server', dated);
  if closable then
    execute format('grant update (edition_to) on %s to wangge_server', dated);
  end if;
  execute format('create trigger %I before truncate on %s for each statement execute function refuse_change()',
                 dated || '_not_emptied', dated);
end $$;

call serve_dated('edition', false);
call serve_dated('scheme', false);
call serve_dated('layer', false);
call serve_dated('tier', false);
call serve_dated('grid', false);
call serve_dated('grid_code', true);
call serve_dated('grid_version', true);
call serve_dated('gap', true);
call serve_dated('body', false);
call serve_dated('body_version', true);
call serve_dated('person', false);
call serve_dated('person_version', true);
call serve_dated('role', false);
call serve_dated('role_tier', false);
call serve_dated('post', false);
call serve_dated('post_version', true);
call serve_dated('appointment', true);

-- Marks are written by their triggers only, with the owner's rights, and nobody empties them.
grant select on edition_mark to wangge_server;
create trigger edition_mark_not_emptied before truncate on edition_mark
  for each statement execute function keep_marks();
alter function mark_edition() security definer;

-- The judge sees every row, whoever publishes: the laws hold for all staff, not for those in someone's areas.
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
  perform assert_staff_only(new.edition);
  -- Constraints may be judged before the end of the transaction, which then sees what it saw before.
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  return null;
end $$;

-- The laws mean our own tables, whatever stands first on the search path of the one who writes; and nobody calls them.
do $$
declare
  law record;
  path text;
begin
  select string_agg(distinct format('%I, ', n.nspname), '') into path
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname in ('postgis', 'btree_gist') and n.nspname not in ('public', 'pg_catalog');
  for law in
    select p.oid::regprocedure as signature, p.prokind from pg_proc p
    where p.oid::regprocedure = any (array[
      'begin_edition()', 'announce_edition()', 'refuse_change()', 'close_row_only()', 'join_own_edition()',
      'measure_boundary()', 'keep_marks()', 'mark_edition()', 'judge_edition()', 'grid_codes(uuid[])',
      'refuse_edition(text, text, text, uuid[])', 'assert_parents(integer)', 'assert_nested(integer)',
      'assert_no_overlap(integer)', 'assert_staff_only(integer)']::regprocedure[])
  loop
    execute format('alter function %s set search_path = pg_catalog, public, %spg_temp', law.signature, coalesce(path, ''));
    execute format('revoke execute on function %s from public', law.signature);
  end loop;
end $$;
revoke execute on procedure keep_dated(regclass, boolean), serve_dated(regclass, boolean) from public;
