import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { ago, count } from "../core/format.js";
import { to } from "../core/route.js";
import { Icon } from "../parts/Icon.js";
import { Panel } from "../parts/Panel.js";
import { sumUp } from "./sums.js";

const SILENT_MS = 15000;

/** What somebody should look at, the worst first. */
export function Attention(seen) {
  const found = [...noWorkers(seen), ...silent(seen), ...failing(seen), ...pausedOnes(seen), ...full(seen)];
  return h(Panel, { title: t("attention") }, found.length === 0
    ? h("p", { class: "calm" }, h(Icon, { name: "check" }), t("all_well"))
    : h("ul", { class: "attention" }, found.map(({ icon, text, link, detail }) =>
      h("li", { key: link + text }, h(Icon, { name: icon }),
        h("div", null, h("a", { href: link }, text), detail && h("bdi", { class: "detail" }, visible(detail)))))));
}

function noWorkers({ queues, workers }) {
  const waiting = sumUp(queues).jobs.QUEUED;
  return workers?.length === 0 && waiting > 0
    ? [{ icon: "alert", text: t("no_workers", { n: count(waiting) }), link: "#/workers" }]
    : [];
}

function silent({ workers = [] }) {
  return workers
    .filter((worker) => Date.now() - Date.parse(worker.seen_at) > SILENT_MS)
    .map((worker) => ({ icon: "alert", text: t("silent", { worker: visible(worker.id), ago: ago(worker.seen_at) }), link: "#/workers" }));
}

function failing({ dead = [] }) {
  return dead.filter((group) => group.count > 0).map((group) => ({
    icon: "dead",
    text: t("failed_alike", { n: count(group.count), type: visible(group.type) }),
    detail: group.message,
    link: group.sample_job_id ? to(["jobs", group.sample_job_id]) : "#/dead",
  }));
}

function pausedOnes({ pauses = [] }) {
  return pauses.map((pause) => ({
    icon: "pause",
    text: t(`paused_${pause.kind}`, { name: visible(pause.name), queue: pause.queue ?? "" }),
    detail: pause.note,
    link: pause.kind === "type" ? to(["jobs"], { q: `type:${pause.name}` }) : "#/queues",
  }));
}

function full({ queues }) {
  return queues
    .filter(({ limits, jobs }) => limits?.concurrency && jobs.RUNNING >= limits.concurrency && jobs.QUEUED > 0)
    .map(({ queue, limits, jobs }) => ({
      icon: "hourglass",
      text: t("full", { queue, limit: limits.concurrency, n: count(jobs.QUEUED) }),
      link: to(["jobs"], { q: `state:queued queue:${queue}` }),
    }));
}
