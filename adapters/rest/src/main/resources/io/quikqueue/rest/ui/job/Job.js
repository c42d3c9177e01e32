import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { usePoll } from "../core/poll.js";
import { ago, moment } from "../core/format.js";
import { to } from "../core/route.js";
import { State } from "../parts/State.js";
import { Tree } from "../parts/Tree.js";
import { Copy, Curl } from "../parts/Copy.js";
import { Panel, Loading } from "../parts/Panel.js";
import { Actions } from "./Actions.js";
import { Attempts } from "./Attempts.js";
import { Logs } from "./Logs.js";
import { Waiting } from "./Waiting.js";
import { sentence } from "./sentence.js";

export const ENDED = ["DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED"];

export function Job({ id }) {
  const path = `/v1/jobs/${encodeURIComponent(id)}`;
  const { data: job, error, again } = usePoll(path);
  if (!job) return h("div", { class: "screen" }, h("h1", null, t("job")), h(Loading, { error }));
  return h("div", { class: "screen" },
    h("p", { class: "crumbs" }, h("a", { href: "#/jobs" }, t("nav_jobs")), " / ", h("code", null, job.id), h(Copy, { text: job.id, label: t("copy_id") })),
    h("div", { class: "title" }, h("h1", null, visible(job.type), " ", h(State, { state: job.state })), h(Actions, { job, again })),
    h("p", { class: "sentence", role: "status" }, sentence(job)),
    job.progress && h("div", { class: "progress" },
      h("progress", { max: 100, value: job.progress.percent, "aria-label": t("progress") }),
      h("span", null, `${job.progress.percent} %`), job.progress.message && h("bdi", null, visible(job.progress.message))),
    job.waiting.length > 0 && h(Waiting, { job }),
    job.error && h(Panel, { title: t("error"), class: "error" }, h("pre", { class: "message" }, visible(job.error))),
    h(Attempts, { job }),
    h("div", { class: "pair" },
      h(Panel, { title: t("payload") }, h(Tree, { value: job.payload })),
      h(Panel, { title: t("result") }, job.result === null ? h("p", { class: "muted" }, t("no_result")) : h(Tree, { value: job.result }))),
    h(Logs, { id: job.id, over: ENDED.includes(job.state) }),
    h(Facts, { job }),
    h(Curl, { path }));
}

function Facts({ job }) {
  const times = [["created", job.created_at], ["run_at", job.run_at], ["due_at", job.due_at], ["deadline", job.deadline],
    ["started", job.started_at], ["finished", job.finished_at]].filter(([, time]) => time);
  const texts = [["priority", job.priority], ["timeout", job.timeout], ["group", job.group], ["ordering_key", job.ordering_key],
    ["owner", job.owner], ["traceparent", job.traceparent]].filter(([, value]) => value !== undefined && value !== null);
  const labels = Object.entries(job.labels);
  return h(Panel, { title: t("facts") }, h("dl", { class: "facts" },
    h("dt", null, t("queue")), h("dd", null, h("a", { href: to(["jobs"], { q: `queue:${job.queue}` }) }, job.queue)),
    times.map(([name, time]) => [h("dt", null, t(name)), h("dd", null, h("time", { dateTime: time, title: time }, moment(time)), ` (${ago(time)})`)]),
    texts.map(([name, value]) => [h("dt", null, t(name)), h("dd", null, h("bdi", null, visible(value)))]),
    h("dt", null, t("retries")), h("dd", null, t("retries_of", { failures: job.failures, of: job.retry.max_attempts })),
    labels.length > 0 && [h("dt", null, t("labels")), h("dd", null, labels.map(([name, value]) =>
      h("span", { class: "tag", key: name }, h("bdi", null, `${visible(name)}: ${visible(value)}`))))]));
}
