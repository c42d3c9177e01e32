import { h, useState, useEffect, useRef } from "../core/ui.js";
import { t } from "../core/text.js";
import { to, go } from "../core/route.js";
import { STATES } from "../parts/State.js";
import { parse, QUALIFIERS } from "./query.js";

const SUGGESTED = [...QUALIFIERS, ...STATES.map((state) => `state:${state.toLowerCase()}`)];

export function Search({ text, focus }) {
  const [typed, setTyped] = useState(text);
  const field = useRef(null);
  useEffect(() => { if (focus) field.current.focus(); }, [focus]);
  function search(event) {
    event.preventDefault();
    const { id } = parse(typed);
    go(id ? to(["jobs", id]) : to(["jobs"], { q: typed.trim() }));
  }
  const words = typed.split(/\s+/);
  const before = words.slice(0, -1).join(" ");
  return h("form", { class: "search", role: "search", onSubmit: search },
    h("label", { class: "hidden", for: "search" }, t("search")),
    h("input", {
      id: "search", ref: field, type: "search", value: typed, list: "qualifiers", maxLength: 1000, autocomplete: "off", spellcheck: false,
      placeholder: t("search_hint"), onInput: (event) => setTyped(event.target.value),
    }),
    h("datalist", { id: "qualifiers" }, SUGGESTED.map((word) => h("option", { key: word, value: before ? `${before} ${word}` : word }))),
    h("button", null, t("search")));
}
