// Sums over queues. The api keeps the counts of each; nobody counts jobs for them.

export const total = (list, name) => list.reduce((sum, one) => sum + (one[name] ?? 0), 0);

export function sumUp(queues) {
  const jobs = {};
  for (const queue of queues) {
    for (const [state, n] of Object.entries(queue.jobs)) jobs[state] = (jobs[state] ?? 0) + n;
  }
  const rate = (name) => (queues.every((queue) => queue[name] === null) ? null : total(queues, name));
  return {
    jobs: new Proxy(jobs, { get: (all, state) => all[state] ?? 0 }),
    in: rate("in_per_second"),
    out: rate("out_per_second"),
  };
}
