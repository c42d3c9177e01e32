import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { call } from "../core/api.js";
import { say } from "../core/store.js";
import { usePoll } from "../core/poll.js";
import { Curl } from "../parts/Copy.js";
import { Dialog } from "../parts/Dialog.js";
import { Problem } from "../parts/Panel.js";

/** Submits a job. The payload goes as it was typed, so that no number changes on the way. */
export function SubmitForm({ onClose, onDone }) {
  const workers = usePoll("/v1/workers", true).data?.workers ?? [];
  const types = [...new Set(workers.flatMap((worker) => worker.types))].sort();
  const [job, setJob] = useState({ type: "echo", queue: "default", payload: '{"hello": "world"}', delay: "" });
  const [error, setError] = useState(null);
  const [key] = useState(() => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join(""));
  const change = (name) => (event) => setJob({ ...job, [name]: event.target.value });
  const { payload, ...others } = job;
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => value.trim()));
  const value = valid(payload);
  async function submit(event) {
    event.preventDefault();
    if (value === undefined) {
      setError(Object.assign(new Error(t("payload_problem")), { own: true }));
      return;
    }
    try {
      const body = `${JSON.stringify(rest).slice(0, -1)},"payload":${payload}}`;
      const accepted = await call("POST", "/v1/jobs", body, { "idempotency-key": key });
      say(t("accepted"));
      onDone(accepted.id);
    } catch (refused) {
      setError(refused);
    }
  }
  return h(Dialog, { title: t("submit_job"), onClose },
    h("form", { onSubmit: submit },
      h("div", { class: "fields" },
        h("label", null, t("type"), h("input", { name: "type", required: true, maxLength: 64, list: "types", value: job.type, onInput: change("type") })),
        h("label", null, t("queue"), h("input", { name: "queue", maxLength: 64, value: job.queue, onInput: change("queue") })),
        h("label", null, t("delay"), h("input", { name: "delay", placeholder: "10s", maxLength: 30, value: job.delay, onInput: change("delay") }))),
      h("datalist", { id: "types" }, types.map((type) => h("option", { key: type, value: type }))),
      h("label", null, t("payload"), h("textarea", {
        name: "payload", rows: 7, spellcheck: false, value: payload, onInput: change("payload"), "aria-invalid": String(value === undefined),
      })),
      h(Problem, { error }),
      value !== undefined && h(Curl, { path: "/v1/jobs", body: { ...rest, payload: value } }),
      h("div", { class: "actions" },
        h("button", { class: "primary" }, t("submit")),
        h("button", { type: "button", onClick: onClose }, t("not_now")))));
}

/** What a text is as JSON; undefined when it is none. */
function valid(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
