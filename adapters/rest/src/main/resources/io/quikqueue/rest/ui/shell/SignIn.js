import { h, useState } from "../core/ui.js";
import { t } from "../core/text.js";
import { signInWithKey, signInWithPassword } from "../core/api.js";
import { Problem } from "../parts/Panel.js";

export function SignIn() {
  const [byKey, setByKey] = useState(false);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  async function submit(event) {
    event.preventDefault();
    const given = new FormData(event.target);
    setBusy(true);
    setError(null);
    try {
      await (byKey ? signInWithKey(given.get("key")) : signInWithPassword(given.get("email"), given.get("password")));
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  }
  return h("form", { class: "panel sign-in", onSubmit: submit },
    h("h1", null, t("sign_in")),
    h("p", { class: "muted" }, t("sign_in_why")),
    byKey
      ? h("label", { key: "key" }, t("api_key"), h("input", { name: "key", type: "password", required: true, autocomplete: "off", maxLength: 500 }))
      : [
        h("label", { key: "email" }, t("email"), h("input", { name: "email", type: "email", required: true, autocomplete: "username" })),
        h("label", { key: "password" }, t("password"), h("input", { name: "password", type: "password", required: true, autocomplete: "current-password" })),
      ],
    h(Problem, { error }),
    h("div", { class: "actions" },
      h("button", { class: "primary", disabled: busy }, t("sign_in")),
      h("button", { type: "button", class: "quiet", onClick: () => setByKey(!byKey) }, t(byKey ? "with_password" : "with_key"))));
}
