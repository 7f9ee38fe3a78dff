-- A large edition is counted before it is told and judged. Rows of a transaction that is still open are nobody's yet:
-- an ANALYZE of autovacuum meanwhile finds full pages without a row in them, and whatever is planned after it compares
-- all with all. The count is committed with the rows, so the first readers plan by it too; its lock keeps autovacuum
-- away until then. Before all others, because triggers of a row fire in the order of their names.
create function count_edition() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  written regclass;
begin
  for written in
    select s.relid::regclass from pg_stat_xact_user_tables s
    where s.schemaname = 'public' and s.n_tup_ins > 1000 order by s.relname
  loop
    execute format('analyze %s', written);
  end loop;
  return null;
end $$;
create constraint trigger edition_counted after insert on edition
  deferrable initially deferred for each row execute function count_edition();

revoke execute on function count_edition() from public;
