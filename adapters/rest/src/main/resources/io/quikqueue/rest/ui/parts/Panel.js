import { h } from "../core/ui.js";
import { t } from "../core/text.js";

export function Panel({ title, actions, children, class: kind = "" }) {
  return h("section", { class: `panel ${kind}` },
    h("div", { class: "panel-head" }, h("h2", null, title), actions && h("div", { class: "actions" }, actions)), children);
}

/** What a screen shows before and instead of what it is about. */
export function Loading({ error }) {
  return error
    ? h("p", { class: "problem", role: "alert" }, error.status ? error.message : t("unreachable"))
    : h("p", { class: "muted", "aria-busy": "true" }, t("loading"));
}

export function Problem({ error }) {
  if (!error) return null;
  return h("div", { class: "problem", role: "alert" },
    error.errors?.length > 0
      ? error.errors.map((one) => h("p", null, h("code", null, one.field), " ", one.detail))
      : h("p", null, error.status || error.own ? error.message : t("unreachable")));
}
