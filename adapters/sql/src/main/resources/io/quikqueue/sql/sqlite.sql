--liquibase formatted sql

-- Ids are UUIDv7 as 16 bytes, times microseconds since 1970 in UTC, states the codes of JobState.

--changeset quikqueue:jobs dbms:sqlite
CREATE TABLE jobs (
  id BLOB NOT NULL,
  type TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  payload TEXT NOT NULL,
  deadline INTEGER NULL,
  policy TEXT NULL,
  labels TEXT NULL,
  traceparent TEXT NULL,
  idempotency_key TEXT NULL,
  state INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  crashes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  due_at INTEGER NULL,
  started_at INTEGER NULL,
  finished_at INTEGER NULL,
  worker TEXT NULL,
  result TEXT NULL,
  note TEXT NULL,
  error TEXT NULL,
  PRIMARY KEY (id)
);
--rollback DROP TABLE jobs;

-- The order in which the QUEUED jobs of a queue should run.
--changeset quikqueue:jobs_queued dbms:sqlite
CREATE INDEX jobs_queued ON jobs (queue, priority, id) WHERE state = 3;
--rollback DROP INDEX jobs_queued;

-- All but QUEUED and DONE, so that a job which simply succeeds never enters it.
--changeset quikqueue:jobs_by_state dbms:sqlite
CREATE INDEX jobs_by_state ON jobs (state, id) WHERE state = 1 OR state = 2 OR state = 4
  OR state = 5 OR state = 7 OR state = 8 OR state = 9;
--rollback DROP INDEX jobs_by_state;

--changeset quikqueue:outbox dbms:sqlite
CREATE TABLE outbox (
  job_id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (job_id, attempt)
) WITHOUT ROWID;
--rollback DROP TABLE outbox;

--changeset quikqueue:timers dbms:sqlite
CREATE TABLE timers (
  due_at INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  PRIMARY KEY (due_at, job_id)
) WITHOUT ROWID;
--rollback DROP TABLE timers;

--changeset quikqueue:idempotency_keys dbms:sqlite
CREATE TABLE idempotency_keys (
  idempotency_key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  job_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (idempotency_key)
) WITHOUT ROWID;
--rollback DROP TABLE idempotency_keys;

--changeset quikqueue:attempts dbms:sqlite
CREATE TABLE attempts (
  job_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  started_at INTEGER NULL,
  ended_at INTEGER NOT NULL,
  worker TEXT NULL,
  error TEXT NULL,
  PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
--rollback DROP TABLE attempts;

--changeset quikqueue:queue_counts dbms:sqlite
CREATE TABLE queue_counts (
  queue TEXT NOT NULL,
  slot INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (queue, slot, kind)
) WITHOUT ROWID;
--rollback DROP TABLE queue_counts;

--changeset quikqueue:workers dbms:sqlite
CREATE TABLE workers (
  id TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  queues TEXT NOT NULL,
  types TEXT NOT NULL,
  slots INTEGER NOT NULL,
  busy INTEGER NOT NULL,
  running TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE workers;

--changeset quikqueue:job_types dbms:sqlite
CREATE TABLE job_types (
  type TEXT NOT NULL,
  PRIMARY KEY (type)
) WITHOUT ROWID;
--rollback DROP TABLE job_types;

--changeset quikqueue:leases dbms:sqlite
CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) WITHOUT ROWID;
--rollback DROP TABLE leases;

-- Payloads (kind 0) and results (kind 1) that are too long for the row of their job, where an empty text stands for them.
--changeset quikqueue:bodies dbms:sqlite
CREATE TABLE bodies (
  job_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (job_id, kind)
);
--rollback DROP TABLE bodies;

-- Until then it was told by the number of the attempt, which neither failures nor crashes explained.
--changeset quikqueue:jobs_deadline_lifted dbms:sqlite
ALTER TABLE jobs ADD COLUMN deadline_lifted INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET deadline_lifted = 1 WHERE state IN (1, 2, 3, 4, 5) AND deadline IS NOT NULL
  AND attempt > failures + crashes + CASE state WHEN 5 THEN 0 ELSE 1 END;
--rollback ALTER TABLE jobs DROP COLUMN deadline_lifted;

-- Rows of this table are written for attempts that did not simply succeed, so that other jobs pay nothing for traces.
--changeset quikqueue:attempt_error_class dbms:sqlite
ALTER TABLE attempts ADD COLUMN error_class TEXT NULL;
--rollback ALTER TABLE attempts DROP COLUMN error_class;

--changeset quikqueue:attempt_trace dbms:sqlite
ALTER TABLE attempts ADD COLUMN trace TEXT NULL;
--rollback ALTER TABLE attempts DROP COLUMN trace;

-- JSON Schema that payloads of the type are checked with when they are submitted.
--changeset quikqueue:job_type_schemas dbms:sqlite
ALTER TABLE job_types ADD COLUMN payload_schema TEXT NULL;
--rollback ALTER TABLE job_types DROP COLUMN payload_schema;

--changeset quikqueue:jobs_group dbms:sqlite
ALTER TABLE jobs ADD COLUMN job_group TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN job_group;

--changeset quikqueue:jobs_ordering_key dbms:sqlite
ALTER TABLE jobs ADD COLUMN ordering_key TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN ordering_key;

--changeset quikqueue:jobs_cost dbms:sqlite
ALTER TABLE jobs ADD COLUMN cost INTEGER NULL;
--rollback ALTER TABLE jobs DROP COLUMN cost;

--changeset quikqueue:jobs_owner dbms:sqlite
ALTER TABLE jobs ADD COLUMN owner TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN owner;

-- Delays between attempts that do not simply double; the policy has the first and the longest of them.
--changeset quikqueue:jobs_retry_delays dbms:sqlite
ALTER TABLE jobs ADD COLUMN retry_delays TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN retry_delays;

-- What is paused: 1 = a queue, 2 = a type of job.
--changeset quikqueue:pauses dbms:sqlite
CREATE TABLE pauses (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  note BLOB NULL,
  paused_by BLOB NOT NULL,
  paused_at INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;
--rollback DROP TABLE pauses;

-- Limits of a queue (kind 1) or a type of job (kind 2): set by a caller, or declared by a configuration. Durations are in nanoseconds.
--changeset quikqueue:limits dbms:sqlite
CREATE TABLE limits (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  declared INTEGER NOT NULL,
  version INTEGER NOT NULL,
  changed_by BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  concurrency INTEGER NULL,
  concurrency_per_group INTEGER NULL,
  rate_tokens INTEGER NULL,
  rate_per INTEGER NULL,
  rate_burst INTEGER NULL,
  rate_per_group_tokens INTEGER NULL,
  rate_per_group_per INTEGER NULL,
  rate_per_group_burst INTEGER NULL,
  max_waiting INTEGER NULL,
  max_waiting_per_group INTEGER NULL,
  weight_count INTEGER NOT NULL,
  weights BLOB NULL,
  PRIMARY KEY (kind, name, declared)
) WITHOUT ROWID;
--rollback DROP TABLE limits;

-- One row, raised by each change of limits.
--changeset quikqueue:limits_version dbms:sqlite
CREATE TABLE limits_version (
  id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE limits_version;

-- A key has a life of its own and may outlive its job, of which it then tells how it ended.
--changeset quikqueue:idempotency_key_life dbms:sqlite
ALTER TABLE idempotency_keys ADD COLUMN expires_at INTEGER NULL;
ALTER TABLE idempotency_keys ADD COLUMN ended_as INTEGER NULL;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
--rollback DROP INDEX idempotency_keys_by_expiry;
--rollback DELETE FROM idempotency_keys WHERE ended_as IS NOT NULL;
--rollback ALTER TABLE idempotency_keys DROP COLUMN expires_at;
--rollback ALTER TABLE idempotency_keys DROP COLUMN ended_as;

-- FAILED jobs by the way in which they failed; status: 1 = open, 2 = resolved, 3 = ignored.
--changeset quikqueue:dead_groups dbms:sqlite
CREATE TABLE dead_groups (
  id BLOB NOT NULL,
  type TEXT NOT NULL,
  error_class BLOB NULL,
  message BLOB NOT NULL,
  status INTEGER NOT NULL,
  note BLOB NULL,
  status_by BLOB NULL,
  status_at INTEGER NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE dead_groups;

--changeset quikqueue:dead_counts dbms:sqlite
CREATE TABLE dead_counts (
  group_id BLOB NOT NULL,
  queue TEXT NOT NULL,
  slot INTEGER NOT NULL,
  n INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, queue, slot)
) WITHOUT ROWID;
--rollback DROP TABLE dead_counts;

--changeset quikqueue:dead_jobs dbms:sqlite
CREATE TABLE dead_jobs (
  job_id BLOB NOT NULL,
  group_id BLOB NOT NULL,
  queue TEXT NOT NULL,
  PRIMARY KEY (job_id)
) WITHOUT ROWID;
CREATE INDEX dead_jobs_by_group ON dead_jobs (group_id, job_id);
--rollback DROP TABLE dead_jobs;

-- Which job waits for which. Kind 1 = both have the same ordering key: however the other one ends, and no sooner than that
-- one might have run.
--changeset quikqueue:dependencies dbms:sqlite
CREATE TABLE dependencies (
  job_id BLOB NOT NULL,
  needs BLOB NOT NULL,
  kind INTEGER NOT NULL,
  PRIMARY KEY (job_id, needs)
) WITHOUT ROWID;
--rollback DROP TABLE dependencies;

--changeset quikqueue:dependencies_by_needs dbms:sqlite
CREATE INDEX dependencies_by_needs ON dependencies (needs, job_id);
--rollback DROP INDEX dependencies_by_needs;

-- The job that was submitted last of those with an ordering key that have not ended. The line is SHA-256 of queue and key.
--changeset quikqueue:ordering_lines dbms:sqlite
CREATE TABLE ordering_lines (
  line BLOB NOT NULL,
  last_job BLOB NOT NULL,
  PRIMARY KEY (line)
) WITHOUT ROWID;
--rollback DROP TABLE ordering_lines;

-- How many jobs wait of each group, in queues that limit this; the row of the empty group stands for the queue, and is only locked.
--changeset quikqueue:waiting_counts dbms:sqlite
CREATE TABLE waiting_counts (
  queue TEXT NOT NULL,
  job_group BLOB NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (queue, job_group)
) WITHOUT ROWID;
--rollback DROP TABLE waiting_counts;

-- The same change of many jobs; action: 1 = cancel, 2 = retry, 3 = discard; state: 1 = running, 2 = paused,
-- 3 = aborted, 4 = done.
--changeset quikqueue:operations dbms:sqlite
CREATE TABLE operations (
  id BLOB NOT NULL,
  action INTEGER NOT NULL,
  of_state INTEGER NULL,
  of_queue BLOB NULL,
  of_type BLOB NULL,
  of_labels BLOB NULL,
  of_group BLOB NULL,
  dry_run INTEGER NOT NULL,
  rate INTEGER NULL,
  state INTEGER NOT NULL,
  position BLOB NULL,
  seen INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE operations;

-- FAILED jobs that were not yet published.
--changeset quikqueue:dead_outbox dbms:sqlite
CREATE TABLE dead_outbox (
  job_id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  type TEXT NOT NULL,
  queue TEXT NOT NULL,
  error_class BLOB NULL,
  error BLOB NULL,
  failed_at INTEGER NOT NULL,
  PRIMARY KEY (job_id, attempt)
) WITHOUT ROWID;
--rollback DROP TABLE dead_outbox;

-- When a worker offered the type last, to the hour; null = before there was this column.
--changeset quikqueue:job_types_offered_at dbms:sqlite
ALTER TABLE job_types ADD COLUMN offered_at INTEGER NULL;
--rollback ALTER TABLE job_types DROP COLUMN offered_at;

-- What a job is the only one of: its scope, states, time, slot and key in one text, see Unique.
--changeset quikqueue:jobs_unique dbms:sqlite
ALTER TABLE jobs ADD COLUMN unique_by TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN unique_by;

-- The job that took a slot last: slot is the SHA-256 of a scope (a queue or a type) and a key.
--changeset quikqueue:unique_jobs dbms:sqlite
CREATE TABLE unique_jobs (
  slot BLOB NOT NULL,
  job_id BLOB NOT NULL,
  PRIMARY KEY (slot)
) WITHOUT ROWID;
--rollback DROP TABLE unique_jobs;

-- Groups of a queue that are paused. Each change raises the version of the limits.
--changeset quikqueue:group_pauses dbms:sqlite
CREATE TABLE group_pauses (
  queue TEXT NOT NULL,
  group_name BLOB NOT NULL,
  note BLOB NULL,
  paused_by BLOB NOT NULL,
  paused_at INTEGER NOT NULL,
  PRIMARY KEY (queue, group_name)
) WITHOUT ROWID;
--rollback DROP TABLE group_pauses;

-- With the group, so that the jobs of some groups are passed over without a look at their rows.
--changeset quikqueue:jobs_queued_with_group dbms:sqlite
DROP INDEX jobs_queued;
CREATE INDEX jobs_queued ON jobs (queue, priority, id, job_group) WHERE state = 3;
--rollback DROP INDEX jobs_queued;
--rollback CREATE INDEX jobs_queued ON jobs (queue, priority, id) WHERE state = 3;

-- The order in which the QUEUED jobs of a group should run; a job without a group never enters it.
--changeset quikqueue:jobs_queued_by_group dbms:sqlite
CREATE INDEX jobs_queued_by_group ON jobs (queue, job_group, priority, id) WHERE state = 3 AND job_group IS NOT NULL;
--rollback DROP INDEX jobs_queued_by_group;

-- What attempts log. A line starts at a byte of all that its job has logged, lines that are deleted counted.
--changeset quikqueue:job_logs dbms:sqlite
CREATE TABLE job_logs (
  job_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  logged_at INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  line BLOB NOT NULL,
  PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
--rollback DROP TABLE job_logs;

-- What workers are asked to be while they run; slots: null = as configured. Kept while the worker is heard of.
--changeset quikqueue:desired_workers dbms:sqlite
CREATE TABLE desired_workers (
  worker BLOB NOT NULL,
  slots INTEGER NULL,
  draining INTEGER NOT NULL,
  note BLOB NULL,
  changed_by BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (worker)
) WITHOUT ROWID;
--rollback DROP TABLE desired_workers;

-- Whether a worker takes jobs: 0 running, 1 draining, 2 drained.
--changeset quikqueue:workers_phase dbms:sqlite
ALTER TABLE workers ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
--rollback ALTER TABLE workers DROP COLUMN phase;

-- How often a retry by hand has changed what the job is asked for; null = never.
--changeset quikqueue:jobs_generation dbms:sqlite
ALTER TABLE jobs ADD COLUMN generation INTEGER NULL;
ALTER TABLE attempts ADD COLUMN generation INTEGER NULL;
--rollback ALTER TABLE jobs DROP COLUMN generation;
--rollback ALTER TABLE attempts DROP COLUMN generation;

-- What jobs were asked for before such a retry, and how that ended.
--changeset quikqueue:generations dbms:sqlite
CREATE TABLE generations (
  job_id BLOB NOT NULL,
  number INTEGER NOT NULL,
  payload TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  error TEXT NULL,
  ended_at INTEGER NULL,
  retried_at INTEGER NOT NULL,
  PRIMARY KEY (job_id, number)
);
--rollback DROP TABLE generations;

-- QUEUED jobs that the ready queue has no room for, since the window of their group is full.
--changeset quikqueue:parked dbms:sqlite
CREATE TABLE parked (
  queue TEXT NOT NULL,
  job_group BLOB NOT NULL,
  priority INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY (queue, job_group, priority, job_id, attempt)
) WITHOUT ROWID;
CREATE INDEX parked_by_job ON parked (job_id, attempt);
--rollback DROP TABLE parked;

-- Whom to tell of the end of a job: the states and the URL in one text, see Callback.
--changeset quikqueue:jobs_callback dbms:sqlite
ALTER TABLE jobs ADD COLUMN callback TEXT NULL;
--rollback ALTER TABLE jobs DROP COLUMN callback;

-- Which parts of the policy the client named, as bits, see Policy; null = all, or none of the default policy.
--changeset quikqueue:jobs_policy_own dbms:sqlite
ALTER TABLE jobs ADD COLUMN policy_own INTEGER NULL;
--rollback ALTER TABLE jobs DROP COLUMN policy_own;

-- How jobs of queues (kind 1) and types (2) are tried that do not say so; durations in milliseconds.
--changeset quikqueue:policies dbms:sqlite
CREATE TABLE policies (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  declared INTEGER NOT NULL,
  version INTEGER NOT NULL,
  changed_by BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  max_attempts INTEGER NULL,
  delays TEXT NULL,
  max_elapsed INTEGER NULL,
  max_crashes INTEGER NULL,
  timeout INTEGER NULL,
  PRIMARY KEY (kind, name, declared)
) WITHOUT ROWID;
--rollback DROP TABLE policies;

-- What jobs remember of their attempts; kind: 1 = result, 2 = sleep, 3 = wait for a signal; status: 1 = pending, 2 = done,
-- 3 = timed out; size: bytes of the value.
--changeset quikqueue:job_steps dbms:sqlite
CREATE TABLE job_steps (
  job_id BLOB NOT NULL,
  name BLOB NOT NULL,
  kind INTEGER NOT NULL,
  status INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  until_at INTEGER NULL,
  signal_name BLOB NULL,
  size INTEGER NOT NULL,
  value BLOB NULL,
  PRIMARY KEY (job_id, name)
) WITHOUT ROWID;
--rollback DROP TABLE job_steps;

-- What jobs are told. One that was taken has no payload any more; it is kept so that its key and its size count.
-- fingerprint: of the request that sent it; NULL when that had no Idempotency-Key.
--changeset quikqueue:job_signals dbms:sqlite
CREATE TABLE job_signals (
  job_id BLOB NOT NULL,
  name BLOB NOT NULL,
  signal_key BLOB NOT NULL,
  fingerprint BLOB NULL,
  sent_at INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  size INTEGER NOT NULL,
  payload BLOB NULL,
  PRIMARY KEY (job_id, name, signal_key)
) WITHOUT ROWID;
--rollback DROP TABLE job_signals;

-- What jobs are to have from then on; action: 4 = set priority, 5 = move to a queue.
--changeset quikqueue:operations_move dbms:sqlite
ALTER TABLE operations ADD COLUMN to_priority INTEGER NULL;
ALTER TABLE operations ADD COLUMN to_queue BLOB NULL;
--rollback DELETE FROM operations WHERE action > 3;
--rollback ALTER TABLE operations DROP COLUMN to_priority;
--rollback ALTER TABLE operations DROP COLUMN to_queue;

-- Which node of which workflow the job is, see NodeRef.
--changeset quikqueue:jobs_node dbms:sqlite
ALTER TABLE jobs ADD COLUMN node BLOB NULL;
--rollback ALTER TABLE jobs DROP COLUMN node;

--changeset quikqueue:jobs_skipped dbms:sqlite
CREATE INDEX jobs_skipped ON jobs (state, id) WHERE state = 10;
--rollback DROP INDEX jobs_skipped;

-- What schedules are to do: spec as lines of text, see ScheduleText, job as it is sent to workers, see JobBody.
--changeset quikqueue:schedules dbms:sqlite
CREATE TABLE schedules (
  name TEXT NOT NULL,
  id BLOB NOT NULL,
  declared INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  changed_by BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  spec BLOB NOT NULL,
  job BLOB NOT NULL,
  PRIMARY KEY (name)
) WITHOUT ROWID;
--rollback DROP TABLE schedules;

-- How far schedules are; version: another with each change; look_at: when to look at it again.
--changeset quikqueue:schedule_states dbms:sqlite
CREATE TABLE schedule_states (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  look_at INTEGER NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (name)
) WITHOUT ROWID;
--rollback DROP TABLE schedule_states;

--changeset quikqueue:schedule_states_look_at dbms:sqlite
CREATE INDEX schedule_states_look_at ON schedule_states (look_at);
--rollback DROP INDEX schedule_states_look_at;

-- The last fires of schedules. kind: 1 = scheduled, 2 = triggered, 3 = backfilled; outcome: see FireRows.
--changeset quikqueue:schedule_fires dbms:sqlite
CREATE TABLE schedule_fires (
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  fire_at INTEGER NOT NULL,
  actual_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  job_id BLOB NULL,
  cause BLOB NULL,
  PRIMARY KEY (name, number)
) WITHOUT ROWID;
--rollback DROP TABLE schedule_fires;

--changeset quikqueue:schedule_fires_fire_at dbms:sqlite
CREATE UNIQUE INDEX schedule_fires_fire_at ON schedule_fires (name, fire_at);
--rollback DROP INDEX schedule_fires_fire_at;

-- 1 = the job counts in waiting_counts while it waits, since its queue limited how many of a group do when it was submitted.
--changeset quikqueue:jobs_counted_in_group dbms:sqlite
ALTER TABLE jobs ADD COLUMN counted_in_group INTEGER NULL;
--rollback ALTER TABLE jobs DROP COLUMN counted_in_group;
--rollback DELETE FROM waiting_counts;

-- state: see WorkflowState; on_failure: see OnFailure; nodes by where they are, and failures: those of nodes that are not
-- optional. Whoever ends a node has the row of its workflow locked, before any job.
--changeset quikqueue:workflows dbms:sqlite
CREATE TABLE workflows (
  id BLOB NOT NULL,
  name BLOB NOT NULL,
  state INTEGER NOT NULL,
  on_failure INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  nodes INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  active INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  expired INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  owner BLOB NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER NULL,
  idempotency_key BLOB NULL,
  fingerprint BLOB NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX workflows_by_key ON workflows (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX workflows_by_state ON workflows (state, id);
CREATE INDEX workflows_by_name ON workflows (name, id);
CREATE INDEX workflows_by_end ON workflows (finished_at, id);
--rollback DROP TABLE workflows;

-- state: the terminal state of a node that has ended, else 0; needs: the names of those that it needs; open_needs: how many of
-- them have not ended; cause: of the first that did not succeed.
--changeset quikqueue:workflow_nodes dbms:sqlite
CREATE TABLE workflow_nodes (
  workflow_id BLOB NOT NULL,
  idx INTEGER NOT NULL,
  name BLOB NOT NULL,
  job_id BLOB NOT NULL,
  run_if INTEGER NOT NULL,
  optional INTEGER NOT NULL,
  state INTEGER NOT NULL,
  open_needs INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  cause BLOB NULL,
  needs BLOB NULL,
  PRIMARY KEY (workflow_id, idx)
) WITHOUT ROWID;
CREATE UNIQUE INDEX workflow_nodes_by_name ON workflow_nodes (workflow_id, name);
CREATE UNIQUE INDEX workflow_nodes_by_job ON workflow_nodes (job_id);
--rollback DROP TABLE workflow_nodes;

-- Nodes that have ended while more depend on them than one transaction tells; -1: the rest is being cancelled.
--changeset quikqueue:workflow_untold dbms:sqlite
CREATE TABLE workflow_untold (
  workflow_id BLOB NOT NULL,
  idx INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, idx)
) WITHOUT ROWID;
--rollback DROP TABLE workflow_untold;

-- Generations of workflows that were followed by a retry, as they ended; the key is that of the retry.
--changeset quikqueue:workflow_generations dbms:sqlite
CREATE TABLE workflow_generations (
  workflow_id BLOB NOT NULL,
  generation INTEGER NOT NULL,
  state INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  expired INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  retried_at INTEGER NOT NULL,
  retried_by BLOB NULL,
  idempotency_key BLOB NULL,
  fingerprint BLOB NULL,
  PRIMARY KEY (workflow_id, generation)
) WITHOUT ROWID;
--rollback DROP TABLE workflow_generations;

-- The jobs that nodes had up to a generation, and got another one for after it.
--changeset quikqueue:workflow_history dbms:sqlite
CREATE TABLE workflow_history (
  workflow_id BLOB NOT NULL,
  idx INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, idx, generation)
) WITHOUT ROWID;
--rollback DROP TABLE workflow_history;

-- What becomes of a new job when as many wait as may: 1 = it is dropped, 2 = the oldest are cancelled; null = it is refused.
--changeset quikqueue:limits_on_limit dbms:sqlite
ALTER TABLE limits ADD COLUMN on_limit INTEGER NULL;
--rollback ALTER TABLE limits DROP COLUMN on_limit;

-- How long and how many ended jobs of the queue are kept, see RetentionText; null = as all jobs are.
--changeset quikqueue:limits_retention dbms:sqlite
ALTER TABLE limits ADD COLUMN retention TEXT NULL;
--rollback ALTER TABLE limits DROP COLUMN retention;

-- Keys of programs. role: 1 = viewer, 2 = submitter, 3 = operator, 4 = admin; former: the secret before, until its overlap ends.
--changeset quikqueue:api_keys dbms:sqlite
CREATE TABLE api_keys (
  id TEXT NOT NULL,
  name BLOB NOT NULL,
  role INTEGER NOT NULL,
  secret_hash TEXT NOT NULL,
  former_hash TEXT NULL,
  former_until INTEGER NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  expires_at INTEGER NULL,
  revoked_at INTEGER NULL,
  used_at INTEGER NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE api_keys;

-- The nodes that wait for a signal of this name at this moment.
--changeset quikqueue:workflow_waits dbms:sqlite
CREATE TABLE workflow_waits (
  workflow_id BLOB NOT NULL,
  name BLOB NOT NULL,
  idx INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, name, idx)
) WITHOUT ROWID;
--rollback DROP TABLE workflow_waits;

-- What becomes of the line of an ordering key when the job is FAILED: 1 = it is held, 2 = it was, and has passed the job since; null = it goes on.
--changeset quikqueue:jobs_on_failed_head dbms:sqlite
ALTER TABLE jobs ADD COLUMN on_failed_head INTEGER NULL;
--rollback ALTER TABLE jobs DROP COLUMN on_failed_head;

-- The jobs that a key has to do with, as patterns with commas between them; null = all. The role of such a key is 10 more.
--changeset quikqueue:api_keys_scope dbms:sqlite
ALTER TABLE api_keys ADD COLUMN queues TEXT NULL;
ALTER TABLE api_keys ADD COLUMN types TEXT NULL;
--rollback ALTER TABLE api_keys DROP COLUMN queues;
--rollback ALTER TABLE api_keys DROP COLUMN types;

-- The scope of who began an operation, as of api_keys.
--changeset quikqueue:operations_scope dbms:sqlite
ALTER TABLE operations ADD COLUMN of_queues BLOB NULL;
ALTER TABLE operations ADD COLUMN of_types BLOB NULL;
--rollback ALTER TABLE operations DROP COLUMN of_queues;
--rollback ALTER TABLE operations DROP COLUMN of_types;

-- Of which queues and types the jobs of a workflow are, see Reach; null = of too many, or an earlier version stored it.
--changeset quikqueue:workflows_reach dbms:sqlite
ALTER TABLE workflows ADD COLUMN reach BLOB NULL;
--rollback ALTER TABLE workflows DROP COLUMN reach;

-- How many jobs the callers with a key may make: rate_n in rate_ms, rate_burst at once, and max_waiting that wait; null = any number.
--changeset quikqueue:api_keys_quota dbms:sqlite
ALTER TABLE api_keys ADD COLUMN rate_n INTEGER NULL;
ALTER TABLE api_keys ADD COLUMN rate_ms INTEGER NULL;
ALTER TABLE api_keys ADD COLUMN rate_burst INTEGER NULL;
ALTER TABLE api_keys ADD COLUMN max_waiting INTEGER NULL;
--rollback ALTER TABLE api_keys DROP COLUMN rate_n;
--rollback ALTER TABLE api_keys DROP COLUMN rate_ms;
--rollback ALTER TABLE api_keys DROP COLUMN rate_burst;
--rollback ALTER TABLE api_keys DROP COLUMN max_waiting;

-- Users. role: as of api_keys; email: in its one form; password_at: when the password was set, which ended all sessions before.
--changeset quikqueue:users dbms:sqlite
CREATE TABLE users (
  id TEXT NOT NULL,
  name BLOB NOT NULL,
  email BLOB NOT NULL,
  age INTEGER NULL,
  phone TEXT NULL,
  role INTEGER NOT NULL,
  active INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  created_by BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  password_at INTEGER NOT NULL,
  logged_in_at INTEGER NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_role ON users (role, active);
--rollback DROP TABLE users;

-- Who is signed in. The hashes are of the two secret parts of the refresh token that counts.
--changeset quikqueue:user_sessions dbms:sqlite
CREATE TABLE user_sessions (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  seed_hash TEXT NOT NULL,
  nonce_hash TEXT NOT NULL,
  password_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id, created_at);
CREATE INDEX user_sessions_by_expiry ON user_sessions (expires_at);
--rollback DROP TABLE user_sessions;

-- Failures to sign in, by the SHA-256 of an account or an address; how many sign-ins there were on a day since 1970.
--changeset quikqueue:login_failures dbms:sqlite
CREATE TABLE login_failures (
  id TEXT NOT NULL,
  failures INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX login_failures_by_time ON login_failures (last_at);
CREATE TABLE login_days (
  epoch_day INTEGER NOT NULL,
  logins INTEGER NOT NULL,
  PRIMARY KEY (epoch_day)
) WITHOUT ROWID;
--rollback DROP TABLE login_days;
--rollback DROP TABLE login_failures;

-- Public keys of the processes that sign access tokens.
--changeset quikqueue:token_keys dbms:sqlite
CREATE TABLE token_keys (
  id TEXT NOT NULL,
  encoded TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
--rollback DROP TABLE token_keys;

-- Who changed what, signed in or was refused. status: of the answer; null = it is not known.
--changeset quikqueue:audit_log dbms:sqlite
CREATE TABLE audit_log (
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  caller BLOB NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  target BLOB NULL,
  status INTEGER NULL,
  reason TEXT NULL,
  requests INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX audit_log_by_kind ON audit_log (kind, id);
CREATE INDEX audit_log_by_caller ON audit_log (caller, id);
CREATE INDEX audit_log_by_action ON audit_log (action, id);
CREATE INDEX audit_log_by_target ON audit_log (target, id);
--rollback DROP TABLE audit_log;

-- The rate of a key in the columns that limits have: rate_tokens in rate_per nanoseconds.
--changeset quikqueue:api_keys_rate dbms:sqlite
ALTER TABLE api_keys RENAME COLUMN rate_n TO rate_tokens;
ALTER TABLE api_keys ADD COLUMN rate_per INTEGER NULL;
UPDATE api_keys SET rate_per = rate_ms * 1000000;
ALTER TABLE api_keys DROP COLUMN rate_ms;
--rollback ALTER TABLE api_keys ADD COLUMN rate_ms INTEGER NULL;
--rollback UPDATE api_keys SET rate_ms = rate_per / 1000000;
--rollback ALTER TABLE api_keys DROP COLUMN rate_per;
--rollback ALTER TABLE api_keys RENAME COLUMN rate_tokens TO rate_n;

-- What each process saw happen to jobs in a minute: of all (kind 1, name ''), of a queue (2), of a type (3). waits and
-- runs: how many durations were within each bound.
--changeset quikqueue:job_counts dbms:sqlite
CREATE TABLE job_counts (
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  epoch_minute INTEGER NOT NULL,
  process BLOB NOT NULL,
  submitted INTEGER NOT NULL,
  done INTEGER NOT NULL,
  failed_attempts INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  waits TEXT NOT NULL,
  runs TEXT NOT NULL,
  PRIMARY KEY (kind, name, epoch_minute, process)
) WITHOUT ROWID;
CREATE INDEX job_counts_by_time ON job_counts (epoch_minute);
--rollback DROP TABLE job_counts;
