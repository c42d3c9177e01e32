import { h } from "../core/ui.js";
import { useStore, keep, set } from "../core/store.js";
import { t, load } from "../core/text.js";
import { signedIn, signOut } from "../core/api.js";
import { Icon } from "../parts/Icon.js";

const SCREENS = ["overview", "jobs", "queues", "dead", "workers"];
const THEMES = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS = { system: "system", light: "sun", dark: "moon" };

export function Nav({ current }) {
  const { theme, language, paused, signIn } = useStore();
  const speak = async (other) => {
    await load(other);
    keep("language", other);
  };
  const other = language === "en" ? "ko" : "en";
  return h("header", { class: "nav" },
    h("a", { class: "brand", href: "#/" }, h("span", { class: "mark", "aria-hidden": "true" }), "QuikQueue"),
    h("nav", { "aria-label": t("screens") }, SCREENS.map((name) =>
      h("a", { key: name, href: name === "overview" ? "#/" : `#/${name}`, "aria-current": name === current ? "page" : null },
        h(Icon, { name }), h("span", null, t(`nav_${name}`)))),
      h("a", { href: "/docs" }, h(Icon, { name: "docs" }), h("span", null, t("nav_docs")))),
    h("div", { class: "tools" },
      h("button", { type: "button", class: "quiet", "aria-pressed": String(paused), title: t("live_title"),
        onClick: () => set({ paused: !paused }) },
        h("span", { class: paused ? "live off" : "live", "aria-hidden": "true" }), h("span", null, t(paused ? "paused" : "live"))),
      h("button", { type: "button", class: "quiet", title: t("theme"), "aria-label": `${t("theme")}: ${t(`theme_${theme}`)}`,
        onClick: () => keep("theme", THEMES[theme]) }, h(Icon, { name: THEME_ICONS[theme] })),
      h("button", { type: "button", class: "quiet", lang: other, onClick: () => speak(other) },
        other === "ko" ? "한국어" : "English"),
      h("button", { type: "button", class: "quiet", "aria-label": t("keys"), title: t("keys"), onClick: () => set({ help: true }) }, "?"),
      signedIn() && !signIn && h("button", { type: "button", class: "quiet", onClick: signOut }, t("sign_out"))));
}
