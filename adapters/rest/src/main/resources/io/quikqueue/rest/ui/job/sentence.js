// The state of a job, told in a sentence.
import { t, visible } from "../core/text.js";
import { ago, between, duration } from "../core/format.js";

export function sentence(job) {
  const last = job.attempts.at(-1);
  const values = {
    n: job.attempt,
    of: job.retry.max_attempts,
    failures: job.failures,
    due: job.due_at ? ago(job.due_at) : "",
    since: ago(job.started_at ?? job.created_at),
    ended: job.finished_at ? ago(job.finished_at) : "",
    took: job.started_at && job.finished_at ? duration(between(job.started_at, job.finished_at)) : "",
    worker: last?.worker ? visible(last.worker) : t("unknown"),
    why: job.waiting_for ? visible(job.waiting_for) : "",
  };
  if (job.state === "QUEUED" || job.state === "WAITING") return t(values.why ? "is_WAITING_for" : `is_${job.state}`, values);
  if (job.state === "DONE") return t(values.took ? "is_DONE" : "is_DONE_short", values);
  return t(`is_${job.state}`, values);
}
