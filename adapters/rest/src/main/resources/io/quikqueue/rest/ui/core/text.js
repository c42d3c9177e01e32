// Texts in the reader's language.
import { get } from "./store.js";

const languages = {};

/** Loads a language once; the page shows nothing before. */
export async function load(language) {
  languages[language] ??= (await import(language === "ko" ? "../lang/ko.js" : "../lang/en.js")).default;
}

/** The text of that name, with values in place of {names}. */
export function t(name, values = {}) {
  const text = languages[get().language]?.[name] ?? languages.en?.[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (all, value) => values[value] ?? all);
}

// What moves or hides other text is shown as its code.
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text of others, with characters that would mislead made visible. */
export const visible = (text) =>
  String(text).replace(INVISIBLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
