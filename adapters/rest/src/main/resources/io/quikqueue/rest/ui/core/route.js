// Where the reader is: in the part of the address behind #, so that every view can be sent to a colleague.
import { set } from "./store.js";

export function read() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view. */
export function to(parts, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value);
  const search = new URLSearchParams(pairs).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${search ? `?${search}` : ""}`;
}

export function go(address) {
  location.hash = address;
}

export function follow() {
  addEventListener("hashchange", () => set({ route: location.hash }));
  set({ route: location.hash });
}
