import { h } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { between, duration, moment } from "../core/format.js";
import { State } from "../parts/State.js";
import { Panel } from "../parts/Panel.js";

const BARS = 20;

/** The attempts as a timeline: how long each ran, and how long the job waited before it. Times are those of the store. */
export function Attempts({ job }) {
  const past = job.attempts.map((attempt) => ({ ...attempt, from: attempt.started_at ?? attempt.ended_at, until: attempt.ended_at }));
  const all = job.state === "RUNNING" && job.started_at
    ? [...past, { number: job.attempt, state: "RUNNING", from: job.started_at, until: new Date().toISOString(), worker: null }]
    : past;
  if (all.length === 0) return null;
  const shown = all.slice(-BARS);
  const start = Date.parse(shown.length === all.length ? job.created_at : shown[0].from);
  const span = Math.max(1, Date.parse(shown.at(-1).until) - start);
  const part = (from, until) => `${(100 * Math.max(0, until - from)) / span}%`;
  return h(Panel, { title: t("attempts", { n: all.length }) },
    shown.length < all.length && h("p", { class: "muted" }, t("last_attempts", { n: BARS })),
    h("ol", { class: "attempts" }, shown.map((attempt, i) => {
      const from = Date.parse(attempt.from);
      const before = i > 0 ? shown[i - 1].until : job.created_at;
      return h("li", { key: attempt.number },
        h("div", { class: "attempt" },
          h("strong", null, `#${attempt.number}`), h(State, { state: attempt.state }),
          h("span", null, t("ran", { time: duration(between(attempt.from, attempt.until)) })),
          h("span", { class: "muted" }, t(i > 0 ? "backed_off" : "waited", { time: duration(between(before, attempt.from)) })),
          h("span", { class: "muted" }, h("time", { dateTime: attempt.from }, moment(attempt.from)), attempt.worker && [" · ", h("bdi", null, visible(attempt.worker))])),
        h("div", { class: "track", "aria-hidden": "true" },
          h("span", { class: `bar state-${attempt.state.toLowerCase()}`, style: { marginLeft: part(start, from), width: part(from, Date.parse(attempt.until)) } })),
        attempt.error && h("p", { class: "attempt-error" }, attempt.error_class && h("code", null, visible(attempt.error_class)), h("bdi", null, visible(attempt.error))),
        attempt.trace && h("details", null, h("summary", null, t("trace")), h("pre", null, visible(attempt.trace))));
    })));
}
