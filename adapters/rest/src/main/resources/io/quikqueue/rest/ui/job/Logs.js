import { h, useState, useEffect } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { fetched } from "../core/api.js";
import { useStore } from "../core/store.js";
import { usePoll } from "../core/poll.js";
import { Panel } from "../parts/Panel.js";

const KEPT = 1000;

/** The lines of the job. Asks for those that are new only, and for none more once it is over. */
export function Logs({ id, over }) {
  const { paused } = useStore();
  const [log, setLog] = useState({ lines: [], next: 0, over: false });
  const { data } = usePoll(paused || log.over ? null : `/v1/jobs/${id}/logs?after=${log.next}&limit=500`);
  useEffect(() => {
    if (!data) return;
    setLog((old) => ({
      lines: [...old.lines, ...data.lines.filter((line) => line.number > old.next)].slice(-KEPT),
      next: Math.max(old.next, data.next),
      over: over && data.lines.length === 0,
    }));
  }, [data, over]);
  // retried by hand, it may log again
  useEffect(() => { if (!over) setLog((old) => ({ ...old, over: false })); }, [over]);
  if (log.lines.length === 0) return null;
  return h(Panel, { title: t("logs", { n: log.lines.length }) },
    h("div", { class: "log", tabIndex: 0, role: "region", "aria-label": t("logs", { n: log.lines.length }) },
      log.lines.map((line) => h("div", { key: line.number },
        h("span", { class: "muted" }, `#${line.attempt} ${line.at.slice(11, 23)}`), " ", h("bdi", null, visible(line.text))))));
}
