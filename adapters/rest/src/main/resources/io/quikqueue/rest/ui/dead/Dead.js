import { h, useState } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { post } from "../core/api.js";
import { ago, count } from "../core/format.js";
import { to } from "../core/route.js";
import { usePoll } from "../core/poll.js";
import { Panel, Loading, Problem } from "../parts/Panel.js";

const STATUSES = ["open", "resolved", "ignored"];

/** Failed jobs by the way in which they failed. */
export function Dead({ query }) {
  const status = STATUSES.includes(query.get("status")) ? query.get("status") : "open";
  const after = query.get("after");
  const search = new URLSearchParams({ status, limit: 50, ...(after && { after }) });
  const { data, error, again } = usePoll(`/v1/dead?${search}`);
  const [refused, setRefused] = useState(null);
  const judge = (group, verb) => async () => {
    setRefused(null);
    try {
      await post(`/v1/dead/${encodeURIComponent(group.id)}/${verb}`, {});
      again();
    } catch (problem) {
      setRefused(problem);
    }
  };
  return h("div", { class: "screen" },
    h("h1", null, t("nav_dead")),
    h("nav", { class: "tabs", "aria-label": t("nav_dead") }, STATUSES.map((name) =>
      h("a", { key: name, href: to(["dead"], { status: name }), "aria-current": name === status ? "true" : null }, t(`dead_${name}`)))),
    h(Problem, { error: refused }),
    !data ? h(Loading, { error })
      : data.groups.length === 0 ? h("p", { class: "empty" }, t("no_dead"))
      : data.groups.map((group) => h(Group, { key: group.id, group, status, judge })),
    data?.next && h("a", { class: "button", href: to(["dead"], { status, after: data.next }) }, t("older")));
}

function Group({ group, status, judge }) {
  const button = (verb, kind) => h("button", { type: "button", class: kind, onClick: judge(group, verb) }, t(`dead_${verb}`));
  return h(Panel, {
    title: `${count(group.count)} × ${visible(group.type)}`,
    actions: status === "open" ? [button("resolve"), button("ignore", "quiet")] : button("reopen"),
  },
  h("pre", { class: "message" }, visible(group.message)),
  h("p", { class: "muted" },
    group.error_class && h("bdi", null, visible(group.error_class), " · "),
    t("seen_between", { first: ago(group.first_seen_at), last: ago(group.last_seen_at) }), " ",
    group.sample_job_id && h("a", { href: to(["jobs", group.sample_job_id]), "data-row": true }, t("sample"))));
}
