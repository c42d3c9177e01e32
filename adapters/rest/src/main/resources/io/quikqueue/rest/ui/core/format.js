// Numbers and times for people.
import { get } from "./store.js";
import { t } from "./text.js";

export const count = (n) => n.toLocaleString(get().language);

/** Such as 850 ms, 12.5 s, 4 min, 3 h, 2 d. */
export function duration(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export const between = (from, to) => Date.parse(to) - Date.parse(from);

/** Such as "5 min ago" or "in 3 s". */
export function ago(time) {
  const s = Math.round((Date.parse(time) - Date.now()) / 1000);
  const [n, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]]
    .filter(([size]) => Math.abs(s) >= size)
    .map(([size, name]) => [Math.trunc(s / size), name])[0] ?? [0, "second"];
  return new Intl.RelativeTimeFormat(get().language, { numeric: "auto" }).format(n, unit);
}

export const moment = (time) =>
  new Date(time).toLocaleString(get().language, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });

export const perSecond = (n) => (n === null || n === undefined ? t("not_yet") : n < 10 ? n.toFixed(1) : count(Math.round(n)));

export const shortId = (id) => `…${id.slice(-12)}`;
