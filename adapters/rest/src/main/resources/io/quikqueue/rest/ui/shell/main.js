import { h, render } from "../core/ui.js";
import { get } from "../core/store.js";
import { load } from "../core/text.js";
import { follow } from "../core/route.js";
import { App } from "./App.js";

follow();
await load("en");
await load(get().language);
render(h(App), document.getElementById("app"));
