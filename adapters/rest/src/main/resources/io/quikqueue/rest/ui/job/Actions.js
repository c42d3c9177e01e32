import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { post } from "../core/api.js";
import { say } from "../core/store.js";
import { Icon } from "../parts/Icon.js";
import { Dialog } from "../parts/Dialog.js";
import { Problem } from "../parts/Panel.js";

const RETRIED = ["FAILED", "EXPIRED", "CANCELLED"];
const CANCELLED = ["WAITING", "SCHEDULED", "QUEUED", "RUNNING", "RETRYING"];

export function Actions({ job, again }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState(null);
  const act = (verb) => async () => {
    setError(null);
    setAsking(false);
    try {
      await post(`/v1/jobs/${job.id}/${verb}`);
      say(t(`${verb}_done`));
    } catch (refused) {
      setError(refused);
    }
    again();
  };
  return h("div", { class: "actions" },
    h(Problem, { error }),
    RETRIED.includes(job.state) && h("button", { type: "button", class: "primary", onClick: act("retry") }, h(Icon, { name: "retry" }), t("retry")),
    CANCELLED.includes(job.state) && h("button", { type: "button", onClick: () => setAsking(true) }, h(Icon, { name: "stop" }), t("cancel")),
    asking && h(Dialog, { title: t("cancel_title"), onClose: () => setAsking(false) },
      h("p", null, t(job.state === "RUNNING" ? "cancel_running" : "cancel_waiting")),
      h("div", { class: "actions" },
        h("button", { type: "button", class: "danger", onClick: act("cancel") }, t("cancel")),
        h("button", { type: "button", onClick: () => setAsking(false) }, t("not_now")))));
}
