import { h } from "../core/ui.js";
import { t } from "../core/text.js";
import { Icon } from "./Icon.js";

export const STATES = [
  "QUEUED", "RUNNING", "RETRYING", "SCHEDULED", "WAITING", "DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED",
];

const ICONS = {
  WAITING: "hourglass", SCHEDULED: "clock", QUEUED: "dot", RUNNING: "play", RETRYING: "retry", DONE: "check",
  FAILED: "cross", CANCELLED: "stop", EXPIRED: "hourglass", SKIPPED: "skip", CRASHED: "alert", POSTPONED: "clock",
};

/** A state as icon and word, so that its colour need not be seen. */
export function State({ state }) {
  return h("span", { class: `state state-${state.toLowerCase()}` },
    h(Icon, { name: ICONS[state] ?? "dot" }), t(`state_${state}`));
}
