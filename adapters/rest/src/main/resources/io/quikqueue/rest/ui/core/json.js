// JSON with the numbers as they were written: 12345678901234567890 and 1.10 stay what they are.

/** A number that JavaScript cannot hold as it is written. */
export class Exact {
  constructor(source) { this.source = source; }
  toJSON() { return JSON.rawJSON ? JSON.rawJSON(this.source) : Number(this.source); }
}

const OF_CALLERS = ["payload", "result"];

/** An answer of the API; what is the caller's own in it keeps its numbers as they were written. */
export function parse(text) {
  const answer = JSON.parse(text);
  if (!OF_CALLERS.some((name) => answer?.[name] !== undefined)) return answer;
  const exact = JSON.parse(text, (name, value, context) =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? new Exact(context.source)
      : value);
  for (const name of OF_CALLERS) if (exact[name] !== undefined) answer[name] = exact[name];
  return answer;
}
