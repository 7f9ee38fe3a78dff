-- What the clock brings, and where open matters lie: for oversight and for previews of boundaries.
create index task_told on task (overdue_at) where overdue_at is not null;
create index incident_open_places on incident (x, y) where status = 'OPEN';
