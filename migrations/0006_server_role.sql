-- The server works as a role that owns nothing: what it may not do, no fault of ours can make it do.

do $$
begin
  create role wangge_server nologin noinherit;
exception
  when duplicate_object or unique_violation then null;
end $$;
-- So that whoever migrates may also serve, having put the owner's rights down.
do $$
begin
  execute format('grant wangge_server to %I', current_user);
end $$;
