// What all screens share. Small on purpose: a screen keeps what is its own.
import { useState, useEffect } from "./ui.js";

const listeners = new Set();

const state = {
  route: "",
  theme: localStorage.getItem("theme") ?? "system",
  language: localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en"),
  paused: false,
  signIn: false,
  offline: false,
  help: false,
  said: "",
};

export const get = () => state;

export function set(change) {
  if (Object.entries(change).every(([name, value]) => state[name] === value)) return;
  Object.assign(state, change);
  for (const listener of [...listeners]) listener();
}

export function useStore() {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = () => render((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return state;
}

/** Says something to a screen reader, and shows it for a moment. */
export function say(text) {
  set({ said: text });
  clearTimeout(say.timer);
  say.timer = setTimeout(() => set({ said: "" }), 4000);
}

export function keep(name, value) {
  localStorage.setItem(name, value);
  set({ [name]: value });
}
