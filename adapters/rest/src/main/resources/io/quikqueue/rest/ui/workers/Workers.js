import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { ago, count, shortId } from "../core/format.js";
import { to } from "../core/route.js";
import { usePoll } from "../core/poll.js";
import { Panel, Loading } from "../parts/Panel.js";

const SHOWN = 10;

export function Workers() {
  const { data, error } = usePoll("/v1/workers");
  return h("div", { class: "screen" },
    h("h1", null, t("nav_workers")),
    !data ? h(Loading, { error })
      : data.workers.length === 0 ? h("p", { class: "empty" }, t("no_worker"))
      : data.workers.map((worker) => h(Worker, { key: worker.id, worker })));
}

function Worker({ worker }) {
  const some = worker.running.slice(0, SHOWN);
  return h(Panel, { title: visible(worker.id) },
    h("dl", { class: "facts" },
      h("dt", null, t("slots")), h("dd", null,
        h("meter", { min: 0, max: worker.slots, value: worker.busy, "aria-label": t("slots") }),
        ` ${count(worker.busy)} / ${count(worker.slots)}`),
      h("dt", null, t("worker_state")), h("dd", null, t(`worker_${worker.state}`)),
      h("dt", null, t("seen")), h("dd", null, ago(worker.seen_at)),
      h("dt", null, t("started")), h("dd", null, ago(worker.started_at)),
      h("dt", null, t("host")), h("dd", null, h("bdi", null, visible(worker.host)), ` · ${worker.pid}`),
      h("dt", null, t("nav_queues")), h("dd", null, worker.queues.length ? worker.queues.join(", ") : t("all")),
      h("dt", null, t("types")), h("dd", null, worker.types.map(visible).join(", "))),
    some.length > 0 && h("ul", { class: "running" }, some.map((job) =>
      h("li", { key: job.job_id }, h("a", { href: to(["jobs", job.job_id]), "data-row": true }, h("code", null, shortId(job.job_id))),
        h("span", null, visible(job.type)), h("span", { class: "muted" }, ago(job.started_at)),
        job.progress && h("progress", { max: 100, value: job.progress.percent, "aria-label": t("progress") })))),
    worker.busy > some.length && h("p", { class: "muted" }, t("and_more", { n: count(worker.busy - some.length) })));
}
