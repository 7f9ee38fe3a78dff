-- Editions: the registry's own log. Every published change of territory or posts is one edition, numbered 1, 2, 3 …
-- without a hole, and its rows never change afterwards, so "edition 41" means the same rows for ever.

create table edition (
  number       integer primary key,
  published_at timestamptz not null,
  effective_at timestamptz not null,
  title        text not null check (length(title) between 1 and 200),
  -- Rows may join an edition only inside the transaction that publishes it.
  transaction  xid8 not null default pg_current_xact_id()
);

-- One publication at a time. The lock is taken before anything is checked, and READ COMMITTED is demanded, so the
-- checks at commit see everything the previous publication wrote (under REPEATABLE READ they would not).
create function begin_edition() returns trigger language plpgsql as $$
declare
  last edition%rowtype;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'WG006',
      message = 'An edition is published at READ COMMITTED only.',
      hint = 'Start the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
  end if;
  perform pg_advisory_xact_lock(hashtext('wangge.edition'));
  select * into last from edition order by number desc limit 1;
  if new.number <> coalesce(last.number, 0) + 1 then
    raise exception using errcode = 'WG006',
      message = format('The next edition is %s, not %s.', coalesce(last.number, 0) + 1, new.number),
      hint = 'Read the newest edition again and retry.';
  end if;
  -- Two in one transaction would be judged as the second left them, and the first could hide what breaks the laws.
  if last.transaction = pg_current_xact_id() then
    raise exception using errcode = 'WG006',
      message = format('This transaction publishes edition %s already.', last.number),
      hint = 'Publish one edition in each transaction.';
  end if;
  new.transaction := pg_current_xact_id();
  new.published_at := greatest(new.published_at, last.published_at);
  return new;
end $$;
create trigger edition_begins before insert on edition for each row execute function begin_edition();

create function announce_edition() returns trigger language plpgsql as $$
begin
  -- Only a hint to look at the log; readers also poll.
  perform pg_notify('wangge_edition', '');
  return null;
end $$;
create trigger edition_announced after insert on edition for each statement execute function announce_edition();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'WG005',
    message = format('Rows of %s are never changed or deleted.', tg_table_name),
    hint = 'Publish a new version in a new edition.';
end $$;
create trigger edition_kept before update or delete on edition for each row execute function refuse_change();

-- On dated tables a row may be closed (edition_to set once, by the edition being published) and nothing else.
create function close_row_only() returns trigger language plpgsql as $$
declare
  closing integer := new.edition_to;
begin
  new.edition_to := old.edition_to;
  if old.edition_to is not null or closing is null or new is distinct from old
     or not exists (select from edition where number = closing and transaction = pg_current_xact_id()) then
    raise exception using errcode = 'WG005',
      message = format('A row of %s may only be closed, once, by the edition being published.', tg_table_name),
      hint = 'Close the row and insert a new version in the same edition.';
  end if;
  new.edition_to := closing;
  return new;
end $$;

create function join_own_edition() returns trigger language plpgsql as $$
begin
  if exists (
    select from added a left join edition e on e.number = a.edition_from
    where e.transaction is distinct from pg_current_xact_id()
  ) then
    raise exception using errcode = 'WG005',
      message = format('Rows of %s may only join the edition that their own transaction publishes.', tg_table_name),
      hint = 'Insert the edition first, in the same transaction.';
  end if;
  return null;
end $$;

-- Puts the rules of a dated table in place: rows join their own edition, are closed once, and are never deleted.
create procedure keep_dated(dated regclass, closable boolean) language plpgsql as $$
begin
  execute format('create trigger %I after insert on %s referencing new table as added
                  for each statement execute function join_own_edition()', dated || '_joins', dated);
  execute format('create trigger %I before update on %s for each row execute function %s()',
                 dated || '_closes', dated, case when closable then 'close_row_only' else 'refuse_change' end);
  execute format('create trigger %I before delete on %s for each row execute function refuse_change()',
                 dated || '_kept', dated);
end $$;
