import { h, useState } from "../core/ui.js";
import { t, visible } from "../core/text.js";
import { Exact } from "../core/json.js";

const AT_ONCE = 50;
const LONG = 500;
const OPEN_DEPTH = 2;

/** JSON to unfold. Never shows more than somebody asked for: a payload may have 100,000 fields. */
export function Tree({ value }) {
  return h("div", { class: "tree" }, h(Node, { value, depth: 0 }));
}

function Node({ name, value, depth }) {
  const label = name === undefined ? null : h("bdi", { class: "key" }, visible(name), ": ");
  if (value === null || typeof value !== "object" || value instanceof Exact) {
    return h("div", { class: "leaf" }, label, h(Leaf, { value }));
  }
  return h(Branch, { label, value, depth });
}

function Branch({ label, value, depth }) {
  const list = Array.isArray(value);
  const names = list ? null : Object.keys(value);
  const size = list ? value.length : names.length;
  const [open, setOpen] = useState(depth < OPEN_DEPTH && size <= AT_ONCE);
  const [shown, setShown] = useState(AT_ONCE);
  if (size === 0) return h("div", { class: "leaf" }, label, list ? "[ ]" : "{ }");
  const children = [];
  for (let i = 0; open && i < Math.min(shown, size); i++) {
    const name = list ? i : names[i];
    children.push(h(Node, { key: name, name, value: value[name], depth: depth + 1 }));
  }
  return h("div", { class: "branch" },
    h("button", { type: "button", class: "fold", "aria-expanded": String(open), onClick: () => setOpen(!open) },
      label, h("span", { class: "size" }, list ? t("items", { n: size }) : t("fields", { n: size }))),
    open && h("div", { class: "children" }, children,
      shown < size && h("button", { type: "button", class: "quiet", onClick: () => setShown(shown + 10 * AT_ONCE) },
        t("more_of", { n: size - shown }))));
}

function Leaf({ value }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== "string") {
    return h("span", { class: value === null ? "nothing" : "number" }, value instanceof Exact ? value.source : String(value));
  }
  const cut = !whole && value.length > LONG;
  return h("span", { class: "string" },
    h("bdi", null, `"${visible(cut ? value.slice(0, LONG) : value)}${cut ? "…" : "\""}`),
    cut && h("button", { type: "button", class: "quiet", onClick: () => setWhole(true) },
      t("whole_text", { n: value.length })));
}
