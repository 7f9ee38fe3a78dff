-- PostGIS judges and stores boundaries, btree_gist excludes overlapping dates, pg_trgm finds names and codes in part.
create extension if not exists postgis;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
