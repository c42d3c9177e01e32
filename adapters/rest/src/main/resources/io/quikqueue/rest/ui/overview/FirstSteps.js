import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { post } from "../core/api.js";
import { usePoll } from "../core/poll.js";
import { to } from "../core/route.js";
import { Icon } from "../parts/Icon.js";
import { Panel, Problem } from "../parts/Panel.js";
import { Curl } from "../parts/Copy.js";

const STORED = "first-steps";
const QUEUE = "first-steps";
const ENDED = ["DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED"];

const ECHO = { type: "echo", payload: { hello: "world" } };
const FLAKY = { type: "fail", payload: { times: 2 }, retry: { max_attempts: 5, backoff: "1s" } };
// a pause takes up to a second to reach every worker
const HELD = { ...ECHO, queue: QUEUE, delay: "2s" };
const DEAD = { type: "fail", payload: { times: 1 }, retry: { max_attempts: 1 } };

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) ?? {};
  } catch {
    return {};
  }
}

/** What of the first steps was done in this browser. */
export function useFirstSteps() {
  const [steps, setSteps] = useState(stored);
  const keep = (change) => setSteps((old) => {
    const all = { ...old, ...change };
    localStorage.setItem(STORED, JSON.stringify(all));
    return all;
  });
  return { open: !steps.over, steps, keep };
}

export function FirstSteps({ steps, keep }) {
  const [error, setError] = useState(null);
  const watched = useJob(steps.echo, steps.watched);
  const flaky = useJob(steps.flaky, steps.recovered);
  const held = useJob(steps.held, steps.read);
  const dead = useJob(steps.dead, steps.retried);
  if (watched?.state === "DONE" && !steps.watched) keep({ watched: true });
  if (flaky?.state === "DONE" && !steps.recovered) keep({ recovered: true });
  if (held?.waiting.some((check) => check.code === "queue_paused" && !check.passed) && !steps.read) keep({ read: true });
  if (dead?.state === "DONE" && !steps.retried) keep({ retried: true });

  const act = (name, ...requests) => async () => {
    setError(null);
    try {
      let given = null;
      for (const [path, body] of requests) given = await post(path, body);
      keep({ [name]: given.id ?? true });
    } catch (refused) {
      setError(refused);
    }
  };
  const all = [
    { name: "echo", done: steps.echo, act: act("echo", ["/v1/jobs", ECHO]), body: ECHO },
    { name: "watch", done: steps.watched, ready: steps.echo, job: steps.echo, path: `/v1/jobs/${steps.echo}` },
    { name: "flaky", done: steps.recovered, act: !steps.flaky && act("flaky", ["/v1/jobs", FLAKY]), job: steps.flaky, body: FLAKY },
    {
      name: "pause", done: steps.read && steps.resumed, job: steps.held, body: HELD,
      act: !steps.held
        ? act("held", [`/v1/queues/${QUEUE}/pause`, { note: t("step_pause_note") }], ["/v1/jobs", HELD])
        : !steps.resumed && steps.read && act("resumed", [`/v1/queues/${QUEUE}/resume`]),
      button: steps.held ? t("step_resume_do") : t("step_pause_do"),
    },
    { name: "dead", done: steps.retried, act: !steps.dead && act("dead", ["/v1/jobs", DEAD]), job: steps.dead, body: DEAD },
  ];
  const next = all.findIndex((step) => !step.done);
  return h(Panel, {
    title: t("first_steps"), class: "first-steps",
    actions: h("button", { type: "button", class: "quiet", onClick: () => keep({ over: true }) }, t(next < 0 ? "done_close" : "hide")),
  },
  h("p", { class: "muted" }, t("first_steps_what", { n: all.filter((step) => step.done).length, of: all.length })),
  h(Problem, { error }),
  h("ol", null, all.map((step, i) => h(Step, { key: step.name, ...step, number: i + 1, now: i === next }))));
}

function Step({ name, number, done, now, act, job, body, path, ready = true, button }) {
  return h("li", { class: done ? "done" : now ? "now" : "" },
    h("span", { class: "tick" }, done ? h(Icon, { name: "check" }) : h("span", { "aria-hidden": "true" }, number)),
    h("div", null,
      h("h3", null, t(`step_${name}`), done && h("span", { class: "hidden" }, ` (${t("ticked")})`)),
      now && h("p", null, t(`step_${name}_what`)),
      now && h("div", { class: "actions" },
        act && h("button", { type: "button", class: "primary", onClick: act }, button ?? t(`step_${name}_do`)),
        job && h("a", { class: "button", href: to(["jobs", job]) }, t("see_job"))),
      now && ready && h(Curl, body ? { path: "/v1/jobs", body } : { path })));
}

function useJob(id, known) {
  const [ended, setEnded] = useState(false);
  const job = usePoll(id && !known && !ended ? `/v1/jobs/${id}` : null).data;
  // a job that failed may be retried and end anew
  if (job && ENDED.includes(job.state) && job.state !== "FAILED" && !ended) setEnded(true);
  return job;
}
