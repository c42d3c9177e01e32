import { h } from "../core/ui.js";
import { t } from "../core/text.js";
import { usePoll } from "../core/poll.js";
import { count, duration, perSecond } from "../core/format.js";
import { to } from "../core/route.js";
import { Panel, Loading } from "../parts/Panel.js";
import { QueueTable } from "../queues/QueueTable.js";
import { Attention } from "./Attention.js";
import { FirstSteps, useFirstSteps } from "./FirstSteps.js";
import { total, sumUp } from "./sums.js";

export function Overview() {
  const queues = usePoll("/v1/queues");
  const workers = usePoll("/v1/workers");
  const pauses = usePoll("/v1/pauses");
  const dead = usePoll("/v1/dead?status=open&limit=5");
  const steps = useFirstSteps();
  const list = queues.data?.queues;
  const staff = workers.data?.workers;
  return h("div", { class: "screen" },
    h("h1", null, t("nav_overview")),
    list ? h(Figures, { list, staff }) : h(Loading, { error: queues.error }),
    steps.open && h(FirstSteps, steps),
    list && h(Attention, { queues: list, workers: staff, pauses: pauses.data?.pauses, dead: dead.data?.groups }),
    list?.length > 0 && h(Panel, { title: t("nav_queues") }, h(QueueTable, { queues: list })));
}

function Figures({ list, staff }) {
  const sums = sumUp(list);
  const oldest = list.map((queue) => queue.oldest_age_seconds).filter((age) => age !== null);
  const slots = staff && [total(staff, "busy"), total(staff, "slots")];
  return h("dl", { class: "figures" },
    h(Figure, { name: t("in_rate"), value: perSecond(sums.in), unit: t("per_second") }),
    h(Figure, { name: t("out_rate"), value: perSecond(sums.out), unit: t("per_second") }),
    h(Figure, { name: t("state_QUEUED"), value: count(sums.jobs.QUEUED), link: to(["jobs"], { q: "state:queued" }) }),
    h(Figure, { name: t("state_RUNNING"), value: count(sums.jobs.RUNNING), link: to(["jobs"], { q: "state:running" }) }),
    h(Figure, { name: t("oldest"), value: oldest.length ? duration(Math.max(...oldest) * 1000) : "–" }),
    h(Figure, { name: t("state_FAILED"), value: count(sums.jobs.FAILED), link: "#/dead", bad: sums.jobs.FAILED > 0 }),
    h(Figure, { name: t("slots"), value: slots ? `${count(slots[0])} / ${count(slots[1])}` : "–", link: "#/workers" }));
}

function Figure({ name, value, unit, link, bad }) {
  return h("div", { class: bad ? "figure bad" : "figure" },
    h("dt", null, link ? h("a", { href: link }, name) : name),
    h("dd", null, value, unit && value !== t("not_yet") && h("small", null, ` ${unit}`)));
}
