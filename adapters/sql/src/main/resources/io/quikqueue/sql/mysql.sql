--liquibase formatted sql

-- Ids are UUIDv7 as 16 bytes, times microseconds since 1970 in UTC, states the codes of JobState.
-- Text that is told apart byte by byte, trailing spaces included, is VARBINARY holding UTF-8.

--changeset quikqueue:jobs dbms:mysql,mariadb
CREATE TABLE jobs (
  id BINARY(16) NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  priority TINYINT NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  deadline BIGINT NULL,
  policy VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
  labels TEXT NULL,
  traceparent VARCHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL,
  idempotency_key VARBINARY(200) NULL,
  state TINYINT NOT NULL,
  attempt INT NOT NULL,
  failures INT NOT NULL,
  crashes INT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  due_at BIGINT NULL,
  started_at BIGINT NULL,
  finished_at BIGINT NULL,
  worker VARCHAR(512) NULL,
  result MEDIUMTEXT NULL,
  note MEDIUMTEXT NULL,
  error MEDIUMTEXT NULL,
  PRIMARY KEY (id),
  KEY jobs_by_state (state, id, queue)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE jobs;

--changeset quikqueue:outbox dbms:mysql,mariadb
CREATE TABLE outbox (
  job_id BINARY(16) NOT NULL,
  attempt INT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, attempt)
) ENGINE = InnoDB;
--rollback DROP TABLE outbox;

--changeset quikqueue:timers dbms:mysql,mariadb
CREATE TABLE timers (
  due_at BIGINT NOT NULL,
  job_id BINARY(16) NOT NULL,
  PRIMARY KEY (due_at, job_id)
) ENGINE = InnoDB;
--rollback DROP TABLE timers;

--changeset quikqueue:idempotency_keys dbms:mysql,mariadb
CREATE TABLE idempotency_keys (
  idempotency_key VARBINARY(200) NOT NULL,
  fingerprint BINARY(32) NOT NULL,
  job_id BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (idempotency_key)
) ENGINE = InnoDB;
--rollback DROP TABLE idempotency_keys;

--changeset quikqueue:attempts dbms:mysql,mariadb
CREATE TABLE attempts (
  job_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  outcome TINYINT NOT NULL,
  started_at BIGINT NULL,
  ended_at BIGINT NOT NULL,
  worker VARCHAR(512) NULL,
  error MEDIUMTEXT NULL,
  PRIMARY KEY (job_id, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE attempts;

--changeset quikqueue:queue_counts dbms:mysql,mariadb
CREATE TABLE queue_counts (
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot TINYINT NOT NULL,
  kind TINYINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (queue, slot, kind)
) ENGINE = InnoDB;
--rollback DROP TABLE queue_counts;

--changeset quikqueue:workers dbms:mysql,mariadb
CREATE TABLE workers (
  id VARBINARY(512) NOT NULL,
  host VARCHAR(255) NOT NULL,
  pid BIGINT NOT NULL,
  queues TEXT NOT NULL,
  types TEXT NOT NULL,
  slots INT NOT NULL,
  busy INT NOT NULL,
  running MEDIUMTEXT NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE workers;

--changeset quikqueue:job_types dbms:mysql,mariadb
CREATE TABLE job_types (
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (type)
) ENGINE = InnoDB;
--rollback DROP TABLE job_types;

--changeset quikqueue:leases dbms:mysql,mariadb
CREATE TABLE leases (
  name VARBINARY(200) NOT NULL,
  holder VARBINARY(512) NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB;
--rollback DROP TABLE leases;

-- Until then it was told by the number of the attempt, which neither failures nor crashes explained.
--changeset quikqueue:jobs_deadline_lifted dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN deadline_lifted TINYINT NOT NULL DEFAULT 0;
UPDATE jobs SET deadline_lifted = 1 WHERE state IN (1, 2, 3, 4, 5) AND deadline IS NOT NULL
  AND attempt > failures + crashes + CASE state WHEN 5 THEN 0 ELSE 1 END;
--rollback ALTER TABLE jobs DROP COLUMN deadline_lifted;

-- Rows of this table are written for attempts that did not simply succeed, so that other jobs pay nothing for traces.
--changeset quikqueue:attempt_traces dbms:mysql,mariadb
ALTER TABLE attempts ADD COLUMN error_class VARCHAR(255) NULL, ADD COLUMN trace TEXT NULL;
--rollback ALTER TABLE attempts DROP COLUMN error_class, DROP COLUMN trace;

-- JSON Schema that payloads of the type are checked with when they are submitted.
--changeset quikqueue:job_type_schemas dbms:mysql,mariadb
ALTER TABLE job_types ADD COLUMN payload_schema MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
--rollback ALTER TABLE job_types DROP COLUMN payload_schema;

--changeset quikqueue:jobs_group dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN job_group VARBINARY(800) NULL, ADD COLUMN ordering_key VARBINARY(800) NULL,
  ADD COLUMN cost INT NULL, ADD COLUMN owner VARBINARY(800) NULL;
--rollback ALTER TABLE jobs DROP COLUMN job_group, DROP COLUMN ordering_key, DROP COLUMN cost, DROP COLUMN owner;

-- Delays between attempts that do not simply double; the policy has the first and the longest of them.
--changeset quikqueue:jobs_retry_delays dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN retry_delays VARCHAR(700) CHARACTER SET ascii COLLATE ascii_bin NULL;
--rollback ALTER TABLE jobs DROP COLUMN retry_delays;

-- What is paused: 1 = a queue, 2 = a type of job.
--changeset quikqueue:pauses dbms:mysql,mariadb
CREATE TABLE pauses (
  kind TINYINT NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note VARBINARY(2000) NULL,
  paused_by VARBINARY(800) NOT NULL,
  paused_at BIGINT NOT NULL,
  PRIMARY KEY (kind, name)
) ENGINE = InnoDB;
--rollback DROP TABLE pauses;

-- Limits of a queue (kind 1) or a type of job (kind 2): set by a caller, or declared by a configuration. Durations are in nanoseconds.
--changeset quikqueue:limits dbms:mysql,mariadb
CREATE TABLE limits (
  kind TINYINT NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  declared TINYINT NOT NULL,
  version BIGINT NOT NULL,
  changed_by VARBINARY(800) NOT NULL,
  changed_at BIGINT NOT NULL,
  concurrency INT NULL,
  concurrency_per_group INT NULL,
  rate_tokens INT NULL,
  rate_per BIGINT NULL,
  rate_burst INT NULL,
  rate_per_group_tokens INT NULL,
  rate_per_group_per BIGINT NULL,
  rate_per_group_burst INT NULL,
  max_waiting INT NULL,
  max_waiting_per_group INT NULL,
  weight_count INT NOT NULL,
  weights MEDIUMBLOB NULL,
  PRIMARY KEY (kind, name, declared)
) ENGINE = InnoDB;
--rollback DROP TABLE limits;

-- One row, raised by each change of limits.
--changeset quikqueue:limits_version dbms:mysql,mariadb
CREATE TABLE limits_version (
  id TINYINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
--rollback DROP TABLE limits_version;

-- A key has a life of its own and may outlive its job, of which it then tells how it ended. A process of the version
-- before writes none: such a key goes with its job, as all did.
--changeset quikqueue:idempotency_key_life dbms:mysql,mariadb
ALTER TABLE idempotency_keys ADD COLUMN expires_at BIGINT NULL, ADD COLUMN ended_as TINYINT NULL;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
--rollback DROP INDEX idempotency_keys_by_expiry ON idempotency_keys;
--rollback DELETE FROM idempotency_keys WHERE ended_as IS NOT NULL;
--rollback ALTER TABLE idempotency_keys DROP COLUMN expires_at, DROP COLUMN ended_as;

-- FAILED jobs by the way in which they failed; status: 1 = open, 2 = resolved, 3 = ignored.
--changeset quikqueue:dead_groups dbms:mysql,mariadb
CREATE TABLE dead_groups (
  id BINARY(16) NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  error_class VARBINARY(1020) NULL,
  message VARBINARY(1200) NOT NULL,
  status TINYINT NOT NULL,
  note VARBINARY(2000) NULL,
  status_by VARBINARY(800) NULL,
  status_at BIGINT NULL,
  first_seen_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
--rollback DROP TABLE dead_groups;

--changeset quikqueue:dead_counts dbms:mysql,mariadb
CREATE TABLE dead_counts (
  group_id BINARY(16) NOT NULL,
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot TINYINT NOT NULL,
  n BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, queue, slot)
) ENGINE = InnoDB;
--rollback DROP TABLE dead_counts;

--changeset quikqueue:dead_jobs dbms:mysql,mariadb
CREATE TABLE dead_jobs (
  job_id BINARY(16) NOT NULL,
  group_id BINARY(16) NOT NULL,
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (job_id),
  KEY dead_jobs_by_group (group_id, job_id)
) ENGINE = InnoDB;
--rollback DROP TABLE dead_jobs;

-- Which job waits for which. Kind 1 = both have the same ordering key: however the other one ends, and no sooner than that
-- one might have run.
--changeset quikqueue:dependencies dbms:mysql,mariadb
CREATE TABLE dependencies (
  job_id BINARY(16) NOT NULL,
  needs BINARY(16) NOT NULL,
  kind TINYINT NOT NULL,
  PRIMARY KEY (job_id, needs),
  KEY dependencies_by_needs (needs, job_id)
) ENGINE = InnoDB;
--rollback DROP TABLE dependencies;

-- The job that was submitted last of those with an ordering key that have not ended. The line is SHA-256 of queue and key.
--changeset quikqueue:ordering_lines dbms:mysql,mariadb
CREATE TABLE ordering_lines (
  line BINARY(32) NOT NULL,
  last_job BINARY(16) NOT NULL,
  PRIMARY KEY (line)
) ENGINE = InnoDB;
--rollback DROP TABLE ordering_lines;

-- How many jobs wait of each group, in queues that limit this; the row of the empty group stands for the queue, and is only locked.
--changeset quikqueue:waiting_counts dbms:mysql,mariadb
CREATE TABLE waiting_counts (
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_group VARBINARY(800) NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (queue, job_group)
) ENGINE = InnoDB;
--rollback DROP TABLE waiting_counts;

-- The same change of many jobs; action: 1 = cancel, 2 = retry, 3 = discard; state: 1 = running, 2 = paused,
-- 3 = aborted, 4 = done.
--changeset quikqueue:operations dbms:mysql,mariadb
CREATE TABLE operations (
  id BINARY(16) NOT NULL,
  action TINYINT NOT NULL,
  of_state TINYINT NULL,
  of_queue VARBINARY(256) NULL,
  of_type VARBINARY(256) NULL,
  of_labels BLOB NULL,
  of_group VARBINARY(64) NULL,
  dry_run TINYINT NOT NULL,
  rate INT NULL,
  state TINYINT NOT NULL,
  position BINARY(16) NULL,
  seen BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  created_by VARBINARY(800) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  ended_at BIGINT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
--rollback DROP TABLE operations;

-- FAILED jobs that were not yet published.
--changeset quikqueue:dead_outbox dbms:mysql,mariadb
CREATE TABLE dead_outbox (
  job_id BINARY(16) NOT NULL,
  attempt INT NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  error_class VARBINARY(1020) NULL,
  error VARBINARY(8000) NULL,
  failed_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, attempt)
) ENGINE = InnoDB;
--rollback DROP TABLE dead_outbox;

-- When a worker offered the type last, to the hour; null = before there was this column.
--changeset quikqueue:job_types_offered_at dbms:mysql,mariadb
ALTER TABLE job_types ADD COLUMN offered_at BIGINT NULL;
--rollback ALTER TABLE job_types DROP COLUMN offered_at;

-- What a job is the only one of: its scope, states, time, slot and key in one text, see Unique.
--changeset quikqueue:jobs_unique dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN unique_by VARBINARY(1200) NULL;
--rollback ALTER TABLE jobs DROP COLUMN unique_by;

-- The job that took a slot last: slot is the SHA-256 of a scope (a queue or a type) and a key.
--changeset quikqueue:unique_jobs dbms:mysql,mariadb
CREATE TABLE unique_jobs (
  slot BINARY(32) NOT NULL,
  job_id BINARY(16) NOT NULL,
  PRIMARY KEY (slot)
) ENGINE = InnoDB;
--rollback DROP TABLE unique_jobs;

-- Groups of a queue that are paused. Each change raises the version of the limits.
--changeset quikqueue:group_pauses dbms:mysql,mariadb
CREATE TABLE group_pauses (
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  group_name VARBINARY(800) NOT NULL,
  note VARBINARY(2000) NULL,
  paused_by VARBINARY(800) NOT NULL,
  paused_at BIGINT NOT NULL,
  PRIMARY KEY (queue, group_name)
) ENGINE = InnoDB;
--rollback DROP TABLE group_pauses;

-- What attempts log. A line starts at a byte of all that its job has logged, lines that are deleted counted.
--changeset quikqueue:job_logs dbms:mysql,mariadb
CREATE TABLE job_logs (
  job_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  attempt INT NOT NULL,
  logged_at BIGINT NOT NULL,
  starts_at BIGINT NOT NULL,
  line VARBINARY(8000) NOT NULL,
  PRIMARY KEY (job_id, number)
) ENGINE = InnoDB;
--rollback DROP TABLE job_logs;

-- What workers are asked to be while they run; slots: null = as configured. Kept while the worker is heard of.
--changeset quikqueue:desired_workers dbms:mysql,mariadb
CREATE TABLE desired_workers (
  worker VARBINARY(512) NOT NULL,
  slots INT NULL,
  draining TINYINT NOT NULL,
  note VARBINARY(2000) NULL,
  changed_by VARBINARY(800) NOT NULL,
  changed_at BIGINT NOT NULL,
  heard_at BIGINT NOT NULL,
  PRIMARY KEY (worker)
) ENGINE = InnoDB;
--rollback DROP TABLE desired_workers;

-- Whether a worker takes jobs: 0 running, 1 draining, 2 drained.
--changeset quikqueue:workers_phase dbms:mysql,mariadb
ALTER TABLE workers ADD COLUMN phase TINYINT NOT NULL DEFAULT 0;
--rollback ALTER TABLE workers DROP COLUMN phase;

-- How often a retry by hand has changed what the job is asked for; null = never.
--changeset quikqueue:jobs_generation dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN generation INT NULL;
ALTER TABLE attempts ADD COLUMN generation INT NULL;
--rollback ALTER TABLE jobs DROP COLUMN generation;
--rollback ALTER TABLE attempts DROP COLUMN generation;

-- What jobs were asked for before such a retry, and how that ended.
--changeset quikqueue:generations dbms:mysql,mariadb
CREATE TABLE generations (
  job_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  state TINYINT NOT NULL,
  attempt INT NOT NULL,
  error MEDIUMTEXT NULL,
  ended_at BIGINT NULL,
  retried_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE generations;

-- QUEUED jobs that the ready queue has no room for, since the window of their group is full.
--changeset quikqueue:parked dbms:mysql,mariadb
CREATE TABLE parked (
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_group VARBINARY(800) NOT NULL,
  priority TINYINT NOT NULL,
  job_id BINARY(16) NOT NULL,
  attempt INT NOT NULL,
  PRIMARY KEY (queue, job_group, priority, job_id, attempt),
  KEY parked_by_job (job_id, attempt)
) ENGINE = InnoDB;
--rollback DROP TABLE parked;

-- Whom to tell of the end of a job: the states and the URL in one text, see Callback.
--changeset quikqueue:jobs_callback dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN callback BLOB NULL;
--rollback ALTER TABLE jobs DROP COLUMN callback;

-- Which parts of the policy the client named, as bits, see Policy; null = all, or none of the default policy.
--changeset quikqueue:jobs_policy_own dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN policy_own TINYINT NULL;
--rollback ALTER TABLE jobs DROP COLUMN policy_own;

-- How jobs of queues (kind 1) and types (2) are tried that do not say so; durations in milliseconds.
--changeset quikqueue:policies dbms:mysql,mariadb
CREATE TABLE policies (
  kind TINYINT NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  declared TINYINT NOT NULL,
  version BIGINT NOT NULL,
  changed_by VARBINARY(800) NOT NULL,
  changed_at BIGINT NOT NULL,
  max_attempts INT NULL,
  delays VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NULL,
  max_elapsed BIGINT NULL,
  max_crashes INT NULL,
  timeout BIGINT NULL,
  PRIMARY KEY (kind, name, declared)
) ENGINE = InnoDB;
--rollback DROP TABLE policies;

-- What jobs remember of their attempts; kind: 1 = result, 2 = sleep, 3 = wait for a signal; status: 1 = pending, 2 = done,
-- 3 = timed out; size: bytes of the value.
--changeset quikqueue:job_steps dbms:mysql,mariadb
CREATE TABLE job_steps (
  job_id BINARY(16) NOT NULL,
  name VARBINARY(100) NOT NULL,
  kind TINYINT NOT NULL,
  status TINYINT NOT NULL,
  attempt INT NOT NULL,
  began_at BIGINT NOT NULL,
  until_at BIGINT NULL,
  signal_name VARBINARY(100) NULL,
  size INT NOT NULL,
  value MEDIUMBLOB NULL,
  PRIMARY KEY (job_id, name)
) ENGINE = InnoDB;
--rollback DROP TABLE job_steps;

-- What jobs are told. One that was taken has no payload any more; it is kept so that its key and its size count.
-- fingerprint: of the request that sent it; NULL when that had no Idempotency-Key.
--changeset quikqueue:job_signals dbms:mysql,mariadb
CREATE TABLE job_signals (
  job_id BINARY(16) NOT NULL,
  name VARBINARY(100) NOT NULL,
  signal_key VARBINARY(220) NOT NULL,
  fingerprint BINARY(32) NULL,
  sent_at BIGINT NOT NULL,
  taken TINYINT NOT NULL,
  size INT NOT NULL,
  payload MEDIUMBLOB NULL,
  PRIMARY KEY (job_id, name, signal_key)
) ENGINE = InnoDB;
--rollback DROP TABLE job_signals;

-- What jobs are to have from then on; action: 4 = set priority, 5 = move to a queue.
--changeset quikqueue:operations_move dbms:mysql,mariadb
ALTER TABLE operations ADD COLUMN to_priority TINYINT NULL, ADD COLUMN to_queue VARBINARY(64) NULL;
--rollback DELETE FROM operations WHERE action > 3;
--rollback ALTER TABLE operations DROP COLUMN to_priority, DROP COLUMN to_queue;

-- Which node of which workflow the job is, see NodeRef.
--changeset quikqueue:jobs_node dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN node VARBINARY(21) NULL;
--rollback ALTER TABLE jobs DROP COLUMN node;

-- What schedules are to do: spec as lines of text, see ScheduleText, job as it is sent to workers, see JobBody.
--changeset quikqueue:schedules dbms:mysql,mariadb
CREATE TABLE schedules (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id BINARY(16) NOT NULL,
  declared TINYINT NOT NULL,
  revision BIGINT NOT NULL,
  changed_by VARBINARY(800) NOT NULL,
  changed_at BIGINT NOT NULL,
  spec MEDIUMBLOB NOT NULL,
  job MEDIUMBLOB NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB;
--rollback DROP TABLE schedules;

-- How far schedules are; version: another with each change; look_at: when to look at it again.
--changeset quikqueue:schedule_states dbms:mysql,mariadb
CREATE TABLE schedule_states (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  look_at BIGINT NULL,
  state MEDIUMBLOB NOT NULL,
  PRIMARY KEY (name),
  INDEX schedule_states_look_at (look_at)
) ENGINE = InnoDB;
--rollback DROP TABLE schedule_states;

-- The last fires of schedules. kind: 1 = scheduled, 2 = triggered, 3 = backfilled; outcome: see FireRows.
--changeset quikqueue:schedule_fires dbms:mysql,mariadb
CREATE TABLE schedule_fires (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number BIGINT NOT NULL,
  fire_at BIGINT NOT NULL,
  actual_at BIGINT NOT NULL,
  kind TINYINT NOT NULL,
  outcome TINYINT NOT NULL,
  job_id BINARY(16) NULL,
  cause VARBINARY(1000) NULL,
  PRIMARY KEY (name, number),
  UNIQUE INDEX schedule_fires_fire_at (name, fire_at)
) ENGINE = InnoDB;
--rollback DROP TABLE schedule_fires;

-- 1 = the job counts in waiting_counts while it waits, since its queue limited how many of a group do when it was submitted.
--changeset quikqueue:jobs_counted_in_group dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN counted_in_group TINYINT NULL;
--rollback ALTER TABLE jobs DROP COLUMN counted_in_group;
--rollback DELETE FROM waiting_counts;

-- state: see WorkflowState; on_failure: see OnFailure; nodes by where they are, and failures: those of nodes that are not
-- optional. Whoever ends a node has the row of its workflow locked, before any job.
--changeset quikqueue:workflows dbms:mysql,mariadb
CREATE TABLE workflows (
  id BINARY(16) NOT NULL,
  name VARBINARY(64) NOT NULL,
  state TINYINT NOT NULL,
  on_failure TINYINT NOT NULL,
  generation INT NOT NULL,
  nodes INT NOT NULL,
  waiting INT NOT NULL,
  active INT NOT NULL,
  done INT NOT NULL,
  failed INT NOT NULL,
  cancelled INT NOT NULL,
  expired INT NOT NULL,
  skipped INT NOT NULL,
  failures INT NOT NULL,
  owner VARBINARY(800) NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  finished_at BIGINT NULL,
  idempotency_key VARBINARY(200) NULL,
  fingerprint VARBINARY(64) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY workflows_by_key (idempotency_key),
  KEY workflows_by_state (state, id),
  KEY workflows_by_name (name, id),
  KEY workflows_by_end (finished_at, id)
) ENGINE = InnoDB;
--rollback DROP TABLE workflows;

-- state: the terminal state of a node that has ended, else 0; needs: the names of those that it needs; open_needs: how many of
-- them have not ended; cause: of the first that did not succeed.
--changeset quikqueue:workflow_nodes dbms:mysql,mariadb
CREATE TABLE workflow_nodes (
  workflow_id BINARY(16) NOT NULL,
  idx INT NOT NULL,
  name VARBINARY(64) NOT NULL,
  job_id BINARY(16) NOT NULL,
  run_if TINYINT NOT NULL,
  optional TINYINT NOT NULL,
  state TINYINT NOT NULL,
  open_needs INT NOT NULL,
  succeeded INT NOT NULL,
  failed INT NOT NULL,
  skipped INT NOT NULL,
  cause VARBINARY(100) NULL,
  needs MEDIUMBLOB NULL,
  PRIMARY KEY (workflow_id, idx),
  UNIQUE KEY workflow_nodes_by_name (workflow_id, name),
  UNIQUE KEY workflow_nodes_by_job (job_id)
) ENGINE = InnoDB;
--rollback DROP TABLE workflow_nodes;

-- Nodes that have ended while more depend on them than one transaction tells; -1: the rest is being cancelled.
--changeset quikqueue:workflow_untold dbms:mysql,mariadb
CREATE TABLE workflow_untold (
  workflow_id BINARY(16) NOT NULL,
  idx INT NOT NULL,
  PRIMARY KEY (workflow_id, idx)
) ENGINE = InnoDB;
--rollback DROP TABLE workflow_untold;

-- Generations of workflows that were followed by a retry, as they ended; the key is that of the retry.
--changeset quikqueue:workflow_generations dbms:mysql,mariadb
CREATE TABLE workflow_generations (
  workflow_id BINARY(16) NOT NULL,
  generation INT NOT NULL,
  state TINYINT NOT NULL,
  done INT NOT NULL,
  failed INT NOT NULL,
  cancelled INT NOT NULL,
  expired INT NOT NULL,
  skipped INT NOT NULL,
  failures INT NOT NULL,
  finished_at BIGINT NOT NULL,
  retried_at BIGINT NOT NULL,
  retried_by VARBINARY(800) NULL,
  idempotency_key VARBINARY(200) NULL,
  fingerprint VARBINARY(64) NULL,
  PRIMARY KEY (workflow_id, generation)
) ENGINE = InnoDB;
--rollback DROP TABLE workflow_generations;

-- The jobs that nodes had up to a generation, and got another one for after it.
--changeset quikqueue:workflow_history dbms:mysql,mariadb
CREATE TABLE workflow_history (
  workflow_id BINARY(16) NOT NULL,
  idx INT NOT NULL,
  generation INT NOT NULL,
  job_id BINARY(16) NOT NULL,
  state TINYINT NOT NULL,
  PRIMARY KEY (workflow_id, idx, generation)
) ENGINE = InnoDB;
--rollback DROP TABLE workflow_history;

-- What becomes of a new job when as many wait as may: 1 = it is dropped, 2 = the oldest are cancelled; null = it is refused.
--changeset quikqueue:limits_on_limit dbms:mysql,mariadb
ALTER TABLE limits ADD COLUMN on_limit TINYINT NULL;
--rollback ALTER TABLE limits DROP COLUMN on_limit;

-- How long and how many ended jobs of the queue are kept, see RetentionText; null = as all jobs are.
--changeset quikqueue:limits_retention dbms:mysql,mariadb
ALTER TABLE limits ADD COLUMN retention VARCHAR(200) NULL;
--rollback ALTER TABLE limits DROP COLUMN retention;

-- Keys of programs. role: 1 = viewer, 2 = submitter, 3 = operator, 4 = admin; former: the secret before, until its overlap ends.
--changeset quikqueue:api_keys dbms:mysql,mariadb
CREATE TABLE api_keys (
  id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARBINARY(400) NOT NULL,
  role TINYINT NOT NULL,
  secret_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  former_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  former_until BIGINT NULL,
  created_at BIGINT NOT NULL,
  created_by VARBINARY(800) NOT NULL,
  expires_at BIGINT NULL,
  revoked_at BIGINT NULL,
  used_at BIGINT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
--rollback DROP TABLE api_keys;

-- The nodes that wait for a signal of this name at this moment.
--changeset quikqueue:workflow_waits dbms:mysql,mariadb
CREATE TABLE workflow_waits (
  workflow_id BINARY(16) NOT NULL,
  name VARBINARY(100) NOT NULL,
  idx INT NOT NULL,
  PRIMARY KEY (workflow_id, name, idx)
) ENGINE = InnoDB;
--rollback DROP TABLE workflow_waits;

-- Also what the node waits for, see NodeRef.
--changeset quikqueue:jobs_node_wait dbms:mysql,mariadb
ALTER TABLE jobs MODIFY COLUMN node VARBINARY(160) NULL;
--rollback UPDATE jobs SET node = LEFT(node, 21) WHERE LENGTH(node) > 21;
--rollback ALTER TABLE jobs MODIFY COLUMN node VARBINARY(21) NULL;

-- What becomes of the line of an ordering key when the job is FAILED: 1 = it is held, 2 = it was, and has passed the job since; null = it goes on.
--changeset quikqueue:jobs_on_failed_head dbms:mysql,mariadb
ALTER TABLE jobs ADD COLUMN on_failed_head TINYINT NULL;
--rollback ALTER TABLE jobs DROP COLUMN on_failed_head;

-- Names of nodes that others have added, which begin with those of these.
--changeset quikqueue:workflow_nodes_long_names dbms:mysql,mariadb
ALTER TABLE workflow_nodes MODIFY COLUMN name VARBINARY(255) NOT NULL, MODIFY COLUMN cause VARBINARY(300) NULL;
--rollback ALTER TABLE workflow_nodes MODIFY COLUMN name VARBINARY(64) NOT NULL, MODIFY COLUMN cause VARBINARY(100) NULL;

-- The jobs that a key has to do with, as patterns with commas between them; null = all. The role of such a key is 10 more.
--changeset quikqueue:api_keys_scope dbms:mysql,mariadb
ALTER TABLE api_keys ADD COLUMN queues VARCHAR(1400) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN types VARCHAR(1400) CHARACTER SET ascii COLLATE ascii_bin NULL;
--rollback ALTER TABLE api_keys DROP COLUMN queues, DROP COLUMN types;

-- The scope of who began an operation, as of api_keys.
--changeset quikqueue:operations_scope dbms:mysql,mariadb
ALTER TABLE operations ADD COLUMN of_queues VARBINARY(1400) NULL, ADD COLUMN of_types VARBINARY(1400) NULL;
--rollback ALTER TABLE operations DROP COLUMN of_queues, DROP COLUMN of_types;

-- Of which queues and types the jobs of a workflow are, see Reach; null = of too many, or an earlier version stored it.
--changeset quikqueue:workflows_reach dbms:mysql,mariadb
ALTER TABLE workflows ADD COLUMN reach BLOB NULL;
--rollback ALTER TABLE workflows DROP COLUMN reach;

-- How many jobs the callers with a key may make: rate_n in rate_ms, rate_burst at once, and max_waiting that wait; null = any number.
--changeset quikqueue:api_keys_quota dbms:mysql,mariadb
ALTER TABLE api_keys ADD COLUMN rate_n INT NULL, ADD COLUMN rate_ms BIGINT NULL, ADD COLUMN rate_burst INT NULL, ADD COLUMN max_waiting INT NULL;
--rollback ALTER TABLE api_keys DROP COLUMN rate_n, DROP COLUMN rate_ms, DROP COLUMN rate_burst, DROP COLUMN max_waiting;

-- Users. role: as of api_keys; email: in its one form; password_at: when the password was set, which ended all sessions before.
--changeset quikqueue:users dbms:mysql,mariadb
CREATE TABLE users (
  id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARBINARY(400) NOT NULL,
  email VARBINARY(1016) NOT NULL,
  age SMALLINT NULL,
  phone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  role TINYINT NOT NULL,
  active TINYINT NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_by VARBINARY(800) NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  password_at BIGINT NOT NULL,
  logged_in_at BIGINT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE INDEX users_by_role ON users (role, active);
--rollback DROP TABLE users;

-- Who is signed in. The hashes are of the two secret parts of the refresh token that counts.
--changeset quikqueue:user_sessions dbms:mysql,mariadb
CREATE TABLE user_sessions (
  id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seed_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  nonce_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  password_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
CREATE INDEX user_sessions_by_user ON user_sessions (user_id, created_at);
CREATE INDEX user_sessions_by_expiry ON user_sessions (expires_at);
--rollback DROP TABLE user_sessions;

-- Failures to sign in, by the SHA-256 of an account or an address; how many sign-ins there were on a day since 1970.
--changeset quikqueue:login_failures dbms:mysql,mariadb
CREATE TABLE login_failures (
  id CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failures INT NOT NULL,
  until_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
CREATE INDEX login_failures_by_time ON login_failures (last_at);
CREATE TABLE login_days (
  epoch_day INT NOT NULL,
  logins BIGINT NOT NULL,
  PRIMARY KEY (epoch_day)
) ENGINE = InnoDB;
--rollback DROP TABLE login_days;
--rollback DROP TABLE login_failures;

-- Public keys of the processes that sign access tokens.
--changeset quikqueue:token_keys dbms:mysql,mariadb
CREATE TABLE token_keys (
  id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  encoded VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
--rollback DROP TABLE token_keys;

-- Who changed what, signed in or was refused. status: of the answer; null = it is not known.
--changeset quikqueue:audit_log dbms:mysql,mariadb
CREATE TABLE audit_log (
  id BINARY(16) NOT NULL,
  kind TINYINT NOT NULL,
  caller VARBINARY(800) NOT NULL,
  address VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target VARBINARY(800) NULL,
  status SMALLINT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  requests INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
CREATE INDEX audit_log_by_kind ON audit_log (kind, id);
CREATE INDEX audit_log_by_caller ON audit_log (caller, id);
CREATE INDEX audit_log_by_action ON audit_log (action, id);
CREATE INDEX audit_log_by_target ON audit_log (target, id);
--rollback DROP TABLE audit_log;

-- The rate of a key in the columns that limits have: rate_tokens in rate_per nanoseconds. Each step can be interrupted.
--changeset quikqueue:api_keys_rate dbms:mysql,mariadb
ALTER TABLE api_keys RENAME COLUMN rate_n TO rate_tokens, ADD COLUMN rate_per BIGINT NULL;
--rollback ALTER TABLE api_keys RENAME COLUMN rate_tokens TO rate_n, DROP COLUMN rate_per;

--changeset quikqueue:api_keys_rate_per dbms:mysql,mariadb
UPDATE api_keys SET rate_per = rate_ms * 1000000;
--rollback UPDATE api_keys SET rate_ms = rate_per DIV 1000000;

--changeset quikqueue:api_keys_rate_ms dbms:mysql,mariadb
ALTER TABLE api_keys DROP COLUMN rate_ms;
--rollback ALTER TABLE api_keys ADD COLUMN rate_ms BIGINT NULL;

-- What each process saw happen to jobs in a minute: of all (kind 1, name ''), of a queue (2), of a type (3). waits and
-- runs: how many durations were within each bound.
--changeset quikqueue:job_counts dbms:mysql,mariadb
CREATE TABLE job_counts (
  kind TINYINT NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  epoch_minute INT NOT NULL,
  process VARBINARY(512) NOT NULL,
  submitted BIGINT NOT NULL,
  done BIGINT NOT NULL,
  failed_attempts BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  waits VARCHAR(480) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  runs VARCHAR(480) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (kind, name, epoch_minute, process),
  INDEX job_counts_by_time (epoch_minute)
) ENGINE = InnoDB;
--rollback DROP TABLE job_counts;
