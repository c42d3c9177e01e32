import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { usePoll } from "../core/poll.js";
import { count } from "../core/format.js";
import { to, go } from "../core/route.js";
import { STATES } from "../parts/State.js";
import { Icon } from "../parts/Icon.js";
import { Loading } from "../parts/Panel.js";
import { Curl } from "../parts/Copy.js";
import { sumUp } from "../overview/sums.js";
import { JobTable } from "./JobTable.js";
import { Search } from "./Search.js";
import { SubmitForm } from "./SubmitForm.js";
import { parse, request, withState } from "./query.js";
import { useStill } from "./still.js";

const PAGE = 50;

export function Jobs({ query }) {
  const text = query.get("q") ?? "";
  const after = query.get("after");
  const asked = parse(text);
  const [submitting, setSubmitting] = useState(false);
  const path = asked.problem || asked.id ? null : request(asked, after, PAGE);
  const page = usePoll(path);
  const { rows, fresh, show } = useStill(path, page.data?.jobs, after !== null);
  return h("div", { class: "screen" },
    h("div", { class: "title" }, h("h1", null, t("nav_jobs")),
      h("button", { type: "button", class: "primary", onClick: () => setSubmitting(true) }, h(Icon, { name: "plus" }), t("submit_job"))),
    h(Search, { text, key: text, focus: query.get("focus") === "search" }),
    h(Tabs, { text, asked }),
    asked.problem && h("p", { class: "problem", role: "alert" }, asked.problem),
    fresh > 0 && h("button", { type: "button", class: "fresh", onClick: show }, t("fresh", { n: fresh })),
    path && (!rows ? h(Loading, { error: page.error })
      : rows.length === 0 ? h("p", { class: "empty" }, t(text ? "no_match" : "no_jobs"))
      : h(JobTable, { jobs: rows, state: asked.state })),
    h("div", { class: "pages" },
      after && h("a", { class: "button", href: to(["jobs"], { q: text }) }, t("newest")),
      page.data?.next && h("a", { class: "button", href: to(["jobs"], { q: text, after: page.data.next }) }, t("older"))),
    path && h(Curl, { path }),
    submitting && h(SubmitForm, { onClose: () => setSubmitting(false), onDone: (id) => go(to(["jobs", id])) }));
}

/** States with the counts that the api keeps for queues; with other filters nobody knows them, so none is shown. */
function Tabs({ text, asked }) {
  const queues = usePoll("/v1/queues").data?.queues;
  const counted = queues && !asked.type && asked.labels.length === 0;
  const { jobs } = sumUp((queues ?? []).filter(({ queue }) => !asked.queue || queue === asked.queue));
  const tab = (state, name) => h("a", {
    key: name, href: to(["jobs"], { q: withState(text, state) }), "aria-current": asked.state === (state ?? undefined) ? "true" : null,
  }, name, counted && state && jobs[state] > 0 && h("span", { class: "badge" }, count(jobs[state])));
  return h("nav", { class: "tabs", "aria-label": t("states") },
    tab(null, t("all")), STATES.map((state) => tab(state, t(`state_${state}`))));
}
