import { h } from "../core/ui.js";
import { t } from "../core/text.js";
import { say } from "../core/store.js";
import { Icon } from "./Icon.js";

export function Copy({ text, label }) {
  const copy = () => navigator.clipboard.writeText(text).then(() => say(t("copied")), () => say(t("not_copied")));
  return h("button", { type: "button", class: "quiet", onClick: copy, "aria-label": label ?? t("copy") },
    h(Icon, { name: "copy" }), h("span", null, t("copy")));
}

/** A request as a line for a terminal. */
export function Curl({ method, path, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = ["curl"];
  if (method && method !== "GET") parts.push("-X", method);
  parts.push(quoted(location.origin + path));
  if (body !== undefined) parts.push("-H", "'content-type: application/json'", "-d", quoted(JSON.stringify(body)));
  const line = parts.join(" ");
  return h("div", { class: "curl" }, h("code", { tabIndex: 0 }, line), h(Copy, { text: line, label: t("copy_curl") }));
}
