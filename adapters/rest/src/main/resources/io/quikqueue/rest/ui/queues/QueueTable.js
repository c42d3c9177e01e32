import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { count, duration, perSecond } from "../core/format.js";
import { to } from "../core/route.js";
import { Icon } from "../parts/Icon.js";

export function QueueTable({ queues, actions }) {
  const waiting = ({ jobs }) => jobs.WAITING + jobs.SCHEDULED + jobs.RETRYING;
  const link = (state, queue) => to(["jobs"], { q: `state:${state} queue:${queue}` });
  return h("div", { class: "wide", tabIndex: 0, role: "region", "aria-label": t("nav_queues") }, h("table", null,
    h("thead", null, h("tr", null,
      h("th", { scope: "col" }, t("queue")),
      ["state_QUEUED", "state_RUNNING", "later", "state_FAILED", "oldest", "in_rate", "out_rate"]
        .map((name) => h("th", { scope: "col", class: "n", key: name }, t(name))),
      actions && h("th", { scope: "col" }, h("span", { class: "hidden" }, t("actions"))))),
    h("tbody", null, queues.map((queue) => h("tr", { key: queue.queue },
      h("th", { scope: "row" },
        h("a", { href: to(["jobs"], { q: `queue:${queue.queue}` }), "data-row": true }, queue.queue),
        queue.paused && h("span", { class: "tag" }, h(Icon, { name: "pause" }), t("is_paused")),
        queue.paused?.note && h("bdi", { class: "detail" }, visible(queue.paused.note))),
      h("td", { class: "n" }, h("a", { href: link("queued", queue.queue) }, count(queue.jobs.QUEUED))),
      h("td", { class: "n" }, h("a", { href: link("running", queue.queue) }, count(queue.jobs.RUNNING)),
        queue.limits?.concurrency && h("small", null, ` / ${count(queue.limits.concurrency)}`)),
      h("td", { class: "n" }, count(waiting(queue))),
      h("td", { class: queue.jobs.FAILED ? "n bad" : "n" }, h("a", { href: link("failed", queue.queue) }, count(queue.jobs.FAILED))),
      h("td", { class: "n" }, queue.oldest_age_seconds === null ? "–" : duration(queue.oldest_age_seconds * 1000)),
      h("td", { class: "n" }, perSecond(queue.in_per_second)),
      h("td", { class: "n" }, perSecond(queue.out_per_second)),
      actions && h("td", null, actions(queue)))))));
}
