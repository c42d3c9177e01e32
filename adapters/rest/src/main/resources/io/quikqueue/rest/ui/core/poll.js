// Asks again every two seconds while somebody looks.
import { useState, useEffect, useRef } from "./ui.js";
import { useStore } from "./store.js";
import { fetched } from "./api.js";

const EVERY_MS = 2000;

/**
 * What `path` has now.
 * @param {?string} path null = nothing is asked for
 * @param {boolean} still true = once is enough
 */
export function usePoll(path, still = false) {
  const { paused, signIn } = useStore();
  const [answer, setAnswer] = useState({ path: null, data: null, error: null });
  const again = useRef(() => {});
  useEffect(() => {
    if (!path || signIn) return undefined;
    let timer = 0;
    let over = false;
    let busy = false;
    async function ask() {
      clearTimeout(timer);
      if (over || busy) return;
      busy = true;
      try {
        const data = await fetched(path);
        if (!over) setAnswer({ path, data, error: null });
      } catch (error) {
        // what was there stays, a page that goes blank in an outage helps nobody
        if (!over) setAnswer((old) => ({ path, data: old.path === path ? old.data : null, error }));
      }
      busy = false;
      if (!still && !paused && !document.hidden && !over) timer = setTimeout(ask, EVERY_MS);
    }
    const seen = () => { if (!document.hidden && !paused) ask(); };
    again.current = ask;
    ask();
    document.addEventListener("visibilitychange", seen);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [path, still, paused, signIn]);
  const current = answer.path === path ? answer : { data: null, error: null };
  return { data: current.data, error: current.error, again: () => again.current() };
}
