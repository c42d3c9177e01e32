// The public REST API, and nothing else.
import { set } from "./store.js";
import { parse } from "./json.js";

// In sessionStorage and not in a cookie: no other site can send it along, and it goes with the tab.
const tokens = {
  get access() { return sessionStorage.getItem("access"); },
  get refresh() { return sessionStorage.getItem("refresh"); },
  keep(access, refresh) {
    sessionStorage.setItem("access", access);
    if (refresh) sessionStorage.setItem("refresh", refresh);
    else sessionStorage.removeItem("refresh");
  },
  drop() {
    sessionStorage.removeItem("access");
    sessionStorage.removeItem("refresh");
  },
};

/** What the API refused, as it says it. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.field = problem?.field;
    this.errors = problem?.errors ?? [];
  }
}

async function send(method, path, body, headers = {}) {
  const sent = { accept: "application/json", ...headers };
  if (body !== undefined) sent["content-type"] = "application/json";
  if (tokens.access) sent.authorization = `Bearer ${tokens.access}`;
  try {
    return await fetch(path, { method, headers: sent, body, cache: "no-store", credentials: "omit" });
  } catch (gone) {
    set({ offline: true });
    throw gone;
  }
}

async function read(response) {
  const text = await response.text();
  set({ offline: false });
  if (response.ok) return text ? parse(text) : null;
  let problem = null;
  try {
    problem = JSON.parse(text);
  } catch { /* a proxy's page, perhaps */ }
  throw new Refused(response.status, problem);
}

let refreshing = null;

/** A refresh token counts once: requests that fail together share one refresh. */
async function renew() {
  const token = tokens.refresh;
  if (!token) return false;
  refreshing ??= (async () => {
    try {
      const given = await read(await fetch("/v1/auth/refresh", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ refresh_token: token }),
      }));
      tokens.keep(given.access_token, given.refresh_token);
      return true;
    } catch {
      return false;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

export async function call(method, path, body, headers) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  let response = await send(method, path, text, headers);
  if (response.status === 401 && (await renew())) response = await send(method, path, text, headers);
  if (response.status === 401) {
    tokens.drop();
    set({ signIn: true });
  }
  return read(response);
}

export const fetched = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);

export async function signInWithKey(key) {
  tokens.keep(key.trim());
  try {
    await read(await send("GET", "/v1/queues"));
  } catch (refused) {
    // a key without the role of a viewer is known all the same
    if (refused.status !== 403) {
      tokens.drop();
      throw refused;
    }
  }
  set({ signIn: false });
}

export async function signInWithPassword(email, password) {
  tokens.drop();
  const given = await read(await send("POST", "/v1/auth/login", JSON.stringify({ email, password })));
  tokens.keep(given.access_token, given.refresh_token);
  set({ signIn: false });
}

export const signedIn = () => tokens.access !== null;

export function signOut() {
  const token = tokens.refresh;
  if (token) {
    send("POST", "/v1/auth/logout", JSON.stringify({ refresh_token: token })).catch(() => {});
  }
  tokens.drop();
  set({ signIn: true });
}
