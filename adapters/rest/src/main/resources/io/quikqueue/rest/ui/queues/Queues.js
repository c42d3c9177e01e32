import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { post } from "../core/api.js";
import { say } from "../core/store.js";
import { usePoll } from "../core/poll.js";
import { Panel, Loading, Problem } from "../parts/Panel.js";
import { Dialog } from "../parts/Dialog.js";
import { QueueTable } from "./QueueTable.js";

export function Queues() {
  const { data, error, again } = usePoll("/v1/queues");
  const [pausing, setPausing] = useState(null);
  const [refused, setRefused] = useState(null);
  async function resume(queue) {
    setRefused(null);
    try {
      await post(`/v1/queues/${encodeURIComponent(queue)}/resume`);
      say(t("resumed", { queue }));
      again();
    } catch (problem) {
      setRefused(problem);
    }
  }
  const actions = ({ queue, paused }) => paused
    ? h("button", { type: "button", onClick: () => resume(queue), "aria-label": `${t("resume")} ${queue}` }, t("resume"))
    : h("button", { type: "button", class: "quiet", onClick: () => setPausing(queue), "aria-label": `${t("pause")} ${queue}` }, t("pause"));
  return h("div", { class: "screen" },
    h("h1", null, t("nav_queues")),
    h(Problem, { error: refused }),
    !data ? h(Loading, { error })
      : data.queues.length === 0 ? h("p", { class: "empty" }, t("no_queues"))
      : h(Panel, { title: t("queues_all", { n: data.queues.length }) }, h(QueueTable, { queues: data.queues, actions })),
    pausing && h(PauseDialog, { queue: pausing, onClose: () => { setPausing(null); again(); } }));
}

function PauseDialog({ queue, onClose }) {
  const [error, setError] = useState(null);
  async function pause(event) {
    event.preventDefault();
    try {
      const note = new FormData(event.target).get("note").trim();
      await post(`/v1/queues/${encodeURIComponent(queue)}/pause`, note ? { note } : {});
      say(t("now_paused", { queue }));
      onClose();
    } catch (refused) {
      setError(refused);
    }
  }
  return h(Dialog, { title: t("pause_title", { queue }), onClose },
    h("form", { onSubmit: pause },
      h("p", { class: "muted" }, t("pause_what")),
      h("label", null, t("pause_note"), h("input", { name: "note", maxLength: 500, autofocus: true })),
      h(Problem, { error }),
      h("div", { class: "actions" },
        h("button", { class: "primary" }, t("pause")),
        h("button", { type: "button", onClick: onClose }, t("not_now")))));
}
