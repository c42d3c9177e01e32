// The one search field: words such as state:failed type:http queue:mail label:customer:42, or an id.
import { STATES } from "../parts/State.js";
import { t } from "../core/text.js";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The qualifiers that the API has. */
export const QUALIFIERS = ["state:", "type:", "queue:", "label:", "id:"];

/** What a search asks for: {state, type, queue, labels, id, problem}. */
export function parse(text) {
  const asked = { labels: [] };
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const at = word.indexOf(":");
    const name = word.slice(0, at);
    const value = word.slice(at + 1);
    if (ID.test(word)) asked.id = word.toLowerCase();
    else if (name === "id" && ID.test(value)) asked.id = value.toLowerCase();
    else if (name === "state" && STATES.includes(value.toUpperCase())) asked.state = value.toUpperCase();
    else if ((name === "type" || name === "queue") && value) asked[name] = value;
    else if (name === "label" && value.includes(":")) asked.labels.push(value);
    else asked.problem = t("search_problem", { word, qualifiers: QUALIFIERS.join(" ") });
  }
  return asked;
}

/** A search with another state; null = any. */
export function withState(text, state) {
  const others = text.split(/\s+/).filter((word) => word && !word.startsWith("state:"));
  return (state ? [`state:${state.toLowerCase()}`, ...others] : others).join(" ");
}

/** The request for a page. */
export function request(asked, after, limit) {
  const search = new URLSearchParams({ limit });
  for (const name of ["state", "type", "queue"]) if (asked[name]) search.set(name, asked[name]);
  for (const label of asked.labels) search.append("label", label);
  if (after) search.set("after", after);
  return `/v1/jobs?${search}`;
}
