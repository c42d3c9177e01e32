// The keyboard, for those who stay on it.
import { useEffect } from "../core/ui.js";
import { get, set } from "../core/store.js";
import { go } from "../core/route.js";

export const GO = { o: "#/", j: "#/jobs", q: "#/queues", d: "#/dead", w: "#/workers" };
const AFTER_G_MS = 1500;

export function useKeys() {
  useEffect(() => {
    let pressedG = 0;
    function pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target.closest?.("input, textarea, select, dialog")) return;
      const { key } = event;
      if (event.timeStamp - pressedG < AFTER_G_MS && GO[key]) {
        pressedG = 0;
        go(GO[key]);
      } else if (key === "g") {
        pressedG = event.timeStamp;
      } else if (key === "?") {
        set({ help: !get().help });
      } else if (key === "/") {
        event.preventDefault();
        search();
      } else if (key === "j" || key === "k") {
        step(key === "j" ? 1 : -1);
      }
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

function search() {
  const field = document.getElementById("search");
  if (field) field.focus();
  else go("#/jobs?focus=search");
}

function step(by) {
  const rows = [...document.querySelectorAll("a[data-row]")];
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}
