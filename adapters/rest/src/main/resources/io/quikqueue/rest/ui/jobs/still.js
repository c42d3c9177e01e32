// Rows that do not move under the pointer: known ones change in place, new ones wait for a click.
import { useState } from "../core/ui.js";

/**
 * @param {string} path what the rows are of
 * @param {object[]=} latest the newest page
 * @param {boolean} older true = no new ones can come here
 */
export function useStill(path, latest, older) {
  const [shown, setShown] = useState({ path: null, ids: [], known: {} });
  const same = shown.path === path && shown.ids.length > 0;
  if (latest && !same && (shown.path !== path || latest.length > 0)) {
    const next = take(path, latest);
    setShown(next);
    return { rows: latest, fresh: 0, show: () => {} };
  }
  if (!same) return { rows: latest, fresh: 0, show: () => {} };
  const now = Object.fromEntries((latest ?? []).map((job) => [job.id, job]));
  const rows = shown.ids.map((id) => now[id] ?? { ...shown.known[id], gone: Boolean(latest) });
  const fresh = older ? 0 : (latest ?? []).filter((job) => !shown.known[job.id]).length;
  return { rows, fresh, show: () => setShown(take(path, latest)) };
}

function take(path, jobs) {
  return { path, ids: jobs.map((job) => job.id), known: Object.fromEntries(jobs.map((job) => [job.id, job])) };
}
