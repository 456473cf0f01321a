// Where drafts lie: in this browser, thirty days, the fifty newest. A browser that forbids
// it, is full, or holds something damaged only means that there is no draft.
const PREFIX = "byline-draft-";
const AGE = 30 * 24 * 60 * 60 * 1000;
const MOST = 50;

/** @returns {{at: number, body?: string, side?: string, key?: string, sent?: string, isDone?: boolean} | null} */
export function read(id) {
  try {
    const entry = JSON.parse(localStorage.getItem(PREFIX + id));
    return Math.abs(Date.now() - entry?.at) < AGE ? entry : null;
  } catch {
    return null;
  }
}

export function write(id, entry) {
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify({ ...entry, at: Date.now() }));
  } catch {
    // The words are still in the form.
  }
}

export function remove(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Nothing was stored.
  }
}

/** Forget what is too old, damaged or too many. */
export function sweep() {
  try {
    const ids = Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length));
    const newest = ids.filter(read).sort((one, other) => read(other).at - read(one).at);
    const kept = new Set(newest.slice(0, MOST));
    for (const id of ids) if (!kept.has(id)) remove(id);
  } catch {
    // Forbidden: there is nothing to sweep.
  }
}

/** Words that were sent are compared, not stored once more: their author may delete them. */
export function digest(words) {
  let sum = 0;
  for (let i = 0; i < words.length; i += 1) sum = (Math.imul(sum, 31) + words.charCodeAt(i)) | 0;
  return `${words.length} ${sum}`;
}
