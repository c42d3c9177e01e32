import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { ago, moment, shortId } from "../core/format.js";
import { to } from "../core/route.js";
import { State } from "../parts/State.js";

const NOTE = 200;

export function JobTable({ jobs }) {
  const names = ["job", "state", "type", "queue", "attempt", "created", "note"];
  return h("div", { class: "wide panel" }, h("table", { class: "jobs" },
    h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col", key: name, class: name === "attempt" ? "n" : "" }, t(name))))),
    h("tbody", null, jobs.map((job) => h("tr", { key: job.id, class: job.gone ? "gone" : "" },
      h("th", { scope: "row" }, h("a", { href: to(["jobs", job.id]), "data-row": true, title: job.id }, h("code", null, shortId(job.id)))),
      h("td", null, h(State, { state: job.state })),
      h("td", null, visible(job.type)),
      h("td", null, job.queue),
      h("td", { class: "n" }, job.attempt),
      h("td", null, h("time", { dateTime: job.created_at, title: moment(job.created_at) }, ago(job.created_at))),
      h("td", { class: "note" }, h("bdi", null, visible((job.error ?? job.note ?? "").slice(0, NOTE)))))))));
}
