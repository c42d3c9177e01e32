import { h, useEffect } from "../core/ui.js";
import { useStore } from "../core/store.js";
import { t } from "../core/text.js";
import { read } from "../core/route.js";
import { Nav } from "./Nav.js";
import { Help } from "./Help.js";
import { SignIn } from "./SignIn.js";
import { useKeys } from "./keys.js";
import { Overview } from "../overview/Overview.js";
import { Jobs } from "../jobs/Jobs.js";
import { Job } from "../job/Job.js";
import { Queues } from "../queues/Queues.js";
import { Workers } from "../workers/Workers.js";
import { Dead } from "../dead/Dead.js";

const SCREENS = { overview: Overview, jobs: Jobs, queues: Queues, workers: Workers, dead: Dead };

export function App() {
  const store = useStore();
  const { parts, query } = read();
  const name = parts[0] ?? "overview";
  useKeys();
  useEffect(() => {
    document.documentElement.lang = store.language;
    document.documentElement.dataset.theme = store.theme;
  }, [store.language, store.theme]);
  useEffect(() => {
    document.title = SCREENS[name] ? `${t(`nav_${name}`)} · QuikQueue` : "QuikQueue";
  }, [name, store.language]);
  return h("div", { class: "shell" },
    h("a", { class: "skip", href: "#main", onClick: toMain }, t("skip")),
    h(Nav, { current: name }),
    h("main", { id: "main", tabIndex: -1 },
      store.offline && h("p", { class: "problem", role: "alert" }, t("unreachable")),
      store.signIn ? h(SignIn) : screen(name, parts, query)),
    store.help && h(Help),
    h("div", { class: store.said ? "said" : "said empty", role: "status" }, store.said));
}

function screen(name, parts, query) {
  if (name === "jobs" && parts[1]) return h(Job, { id: parts[1], key: parts[1] });
  const Screen = SCREENS[name];
  return Screen
    ? h(Screen, { query })
    : h("div", { class: "empty" }, h("h1", null, t("no_page")), h("a", { href: "#/" }, t("nav_overview")));
}

// the hash is the address of the view, so the link must not change it
function toMain(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}
