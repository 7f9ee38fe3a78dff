-- Who did what: one dense chain of entries. Each carries the hash of everything in it and of the entry before, so a change
-- of any one shows in all that follow; and the newest hash, signed and kept outside, shows a chain that was rewritten.

create table audit_entry (
  seq         bigint primary key,
  at          timestamptz not null check (isfinite(at)),
  subject     text not null check (length(subject) between 1 and 300),
  role        text not null check (length(role) between 1 and 100),
  action      text not null check (length(action) between 1 and 100),
  object_kind text not null check (length(object_kind) between 1 and 100),
  object_id   text not null check (length(object_id) <= 300),
  -- The area that it concerns; null is the whole registry. No foreign key: an entry outlives what it is about.
  grid_id     uuid,
  result      text not null check (result in ('DONE', 'READ', 'REFUSED')),
  purpose     text check (length(purpose) <= 200),
  request_id  text check (length(request_id) <= 200),
  details     jsonb not null check (jsonb_typeof(details) = 'object' and length(details::text) <= 8000),
  prev_hash   bytea not null check (length(prev_hash) = 32),
  hash        bytea not null check (length(hash) = 32)
);
create index audit_entry_at on audit_entry (at);
create index audit_entry_by_grid on audit_entry (grid_id, seq);
create index audit_entry_by_subject on audit_entry (subject, seq);

-- A length before each value, in bytes, and a dash for null: no two different entries give the same text.
create function audit_text(value text) returns text language sql stable as $$
  select coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-')
$$;

-- The same in every session, whatever its time zone or date style. src/audit/chain/entryHash.ts works it out anew.
create function audit_hash(e audit_entry) returns bytea language sql stable as $$
  select sha256(convert_to('wangge.audit.1 '
    || public.audit_text(e.seq::text)
    || public.audit_text(trunc(extract(epoch from e.at) * 1000000)::text)
    || public.audit_text(e.subject)
    || public.audit_text(e.role)
    || public.audit_text(e.action)
    || public.audit_text(e.object_kind)
    || public.audit_text(e.object_id)
    || public.audit_text(e.grid_id::text)
    || public.audit_text(e.result)
    || public.audit_text(e.purpose)
    || public.audit_text(e.request_id)
    || public.audit_text(e.details::text)
    || public.audit_text(encode(e.prev_hash, 'hex')), 'UTF8'))
$$;

-- Entries queue for one lock, which is held until commit: whoever records does it as the last statement. Where the chain
-- ends is read from its index and kept nowhere else: a row for it, updated each time, grew slow beside an open snapshot
-- (1,650 entries a second fell to 410 in half a minute of a backup).
create function chain_audit_entry() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
declare
  areas text := current_setting('wangge.areas', true);
  last record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'An act is recorded at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  perform pg_advisory_xact_lock(hashtext('wangge.audit'));
  -- Row security binds the owner too; the chain has one end, whoever looks.
  perform set_config('wangge.areas', '*', true);
  select e.seq, e.at, e.hash into last from public.audit_entry e order by e.seq desc limit 1;
  perform set_config('wangge.areas', coalesce(areas, ''), true);
  new.seq := coalesce(last.seq, 0) + 1;
  -- The clocks of several servers differ a little; the chain never goes back.
  new.at := greatest(new.at, last.at);
  new.prev_hash := coalesce(last.hash, sha256('wangge.audit.1'));
  new.hash := public.audit_hash(new);
  return new;
end $$;
create trigger audit_entry_chained before insert on audit_entry for each row execute function chain_audit_entry();

create function refuse_audit_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'WG005',
    message = format('Rows of %s are never changed or deleted.', tg_table_name),
    hint = 'Record what happened since as a new entry.';
end $$;
-- For each statement, so that it refuses as well where row security leaves no row to change.
create trigger audit_entry_kept before update or delete or truncate on audit_entry
  for each statement execute function refuse_audit_change();

-- Whoever could put the first on a table of one's own would read the end of the chain from it.
revoke execute on function chain_audit_entry(), refuse_audit_change(), audit_hash(audit_entry), audit_text(text) from public;

alter table audit_entry enable row level security;
alter table audit_entry force row level security;
-- What concerns the whole registry lies in no area.
create policy audit_entry_read on audit_entry for select using ((select sees_everything()) or grid_in_areas(grid_id));
create policy audit_entry_record on audit_entry for insert with check (true);

revoke all on audit_entry from wangge_server;
grant select on audit_entry to wangge_server;
-- seq and both hashes are not among them.
grant insert (at, subject, role, action, object_kind, object_id, grid_id, result, purpose, request_id, details)
  on audit_entry to wangge_server;
