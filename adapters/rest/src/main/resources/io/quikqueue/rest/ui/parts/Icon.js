import { h } from "../core/ui.js";

const PATHS = {
  overview: "M2.5 8.5 8 3l5.5 5.5M4.5 7v6h7V7",
  jobs: "M3 4.5h10M3 8h10M3 11.5h6",
  queues: "M3 3.5h10v3H3zM3 9.5h10v3H3z",
  workers: "M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3 13.5c.6-2.4 2.5-3.6 5-3.6s4.4 1.2 5 3.6",
  dead: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1",
  docs: "M4 2.5h5.5l3 3v8H4zM9.5 2.5v3h3",
  check: "m3.5 8.5 3 3 6-7",
  cross: "m4 4 8 8m0-8-8 8",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.2l2 1.3",
  dot: "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  play: "M5 3.5 12 8l-7 4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  retry: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.7h-2.7",
  stop: "M4.5 4.5h7v7h-7z",
  hourglass: "M4.5 2.5h7M4.5 13.5h7M5.5 2.5v2.6L8 8l2.5-2.9V2.5M5.5 13.5v-2.6L8 8l2.5 2.9v2.6",
  skip: "m3.5 4 5 4-5 4zM12 4v8",
  alert: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.5M8 10.9v.1",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z",
  system: "M2.5 3.5h11v7.5h-11zM6 13.5h4",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  plus: "M8 3.5v9M3.5 8h9",
  next: "m6 3.5 4.5 4.5L6 12.5",
  down: "m3.5 6 4.5 4.5L12.5 6",
};

/** A picture beside a text that says the same. */
export function Icon({ name }) {
  return h("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] }));
}
