import { h } from "../core/ui.js";
import { set } from "../core/store.js";
import { t } from "../core/text.js";
import { Dialog } from "../parts/Dialog.js";

const KEYS = [
  ["g o", "nav_overview"], ["g j", "nav_jobs"], ["g q", "nav_queues"], ["g d", "nav_dead"], ["g w", "nav_workers"],
  ["/", "key_search"], ["j k", "key_rows"], ["Enter", "key_open"], ["?", "keys"],
];

export function Help() {
  const close = () => set({ help: false });
  return h(Dialog, { title: t("keys"), onClose: close },
    h("dl", { class: "keys" }, KEYS.map(([keys, name]) => [
      h("dt", null, keys.split(" ").map((key) => h("kbd", null, key))), h("dd", null, t(name))])),
    h("div", { class: "actions" }, h("button", { type: "button", onClick: close }, t("close"))));
}
