import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { Icon } from "../parts/Icon.js";
import { Panel } from "../parts/Panel.js";

const HERE = /^\/v1\/jobs\/([0-9a-f-]{36})$/;

/** What the job has to pass, in the order in which it is checked. */
export function Waiting({ job }) {
  const first = job.waiting.findIndex((check) => !check.passed);
  return h(Panel, { title: t("why_waiting"), class: "waiting" },
    job.waiting_for && h("p", { class: "because" }, h("bdi", null, visible(job.waiting_for))),
    h("ol", { class: "checks" }, job.waiting.map((check, i) =>
      h("li", { key: check.code, class: check.passed ? "passed" : i === first ? "blocks" : "later" },
        h(Icon, { name: check.passed ? "check" : i === first ? "pause" : "clock" }),
        h("span", null, t(`check_${check.code}`)),
        h("span", { class: "muted" }, t(check.passed ? "check_passed" : i === first ? "check_blocks" : "check_too")),
        !check.passed && check.value && h("bdi", { class: "detail" }, visible(check.value), check.limit !== null && ` / ${check.limit}`),
        !check.passed && check.link && h("a", { href: HERE.test(check.link) ? `#/jobs/${HERE.exec(check.link)[1]}` : own(check.link) }, t("more"))))));
}

/** Only an address of this service is followed. */
const own = (link) => (link.startsWith("/v1/pauses") || link.startsWith("/v1/queues") ? "#/queues" : "#/workers");
