import { fill, isKept, saidIn, valuesOf } from "./draft-fields.js";
import { showNote } from "./draft-note.js";
import { digest, read, remove, sweep, write } from "./draft-store.js";

const PAUSE = 400;
const waiting = new Map();

addEventListener("pagehide", saveWaiting);
document.addEventListener("visibilitychange", saveWaiting);

/**
 * Keep what is typed in a form until the server has it, and bring back what was kept.
 * @param {HTMLFormElement} form
 */
export function startDraft(form) {
  saveWaiting();
  sweep();
  bringBack(form);
  form.addEventListener("input", ({ target }) => {
    if (!isKept(target)) return;
    stopWaiting(form);
    waiting.set(form, setTimeout(save, PAUSE, form));
  });
}

/**
 * Keep what is sent now, in case that no answer comes.
 * @returns {() => void} to be called when the server has it
 */
export function keepSent(form) {
  const sent = digest(saidIn(form));
  save(form, { isSent: true });
  const key = form.elements.key?.value;
  return () => {
    if (waiting.has(form)) save(form);
    const kept = read(idOf(form));
    // What was typed since then, here or in another tab, is a draft of its own.
    if (kept && (kept.key !== key || (!key && kept.sent !== sent))) return;
    remove(idOf(form));
    write(idOf(form), { key, sent, isDone: true });
  };
}

/** What is answered is gone: leave the words to the article's form, unless it has others. */
export function handOver(form) {
  const kept = read(idOf(form));
  if (kept && !read(form.dataset.draft)?.body) write(form.dataset.draft, kept);
}

function idOf(form) {
  return [form.dataset.draft, form.elements.parent?.value].filter(Boolean).join("-");
}

function saveWaiting() {
  for (const form of waiting.keys()) save(form);
}

function stopWaiting(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

function save(form, { isSent = false } = {}) {
  stopWaiting(form);
  const { body, key } = form.elements;
  const known = read(idOf(form));
  const words = digest(saidIn(form));
  const wasSent = Boolean(known?.sent) && known.key === key?.value;
  const isSame = wasSent && known.sent === words;
  if (isSame && known.isDone) return;
  // The server may have the old words under this key, and takes no others under it.
  if (wasSent && !isSame && key) key.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
  if (body.value.trim() && body.value !== body.defaultValue) {
    const sent = isSent || isSame ? words : undefined;
    write(idOf(form), { ...valuesOf(form), sent });
  } else {
    remove(idOf(form));
  }
}

function bringBack(form) {
  const kept = read(idOf(form));
  const { body } = form.elements;
  if (!kept?.body || kept.body === body.value) return;
  const own = { ...valuesOf(form), body: body.defaultValue };
  fill(form, kept);
  showNote(form, kept.at, () => {
    stopWaiting(form);
    remove(idOf(form));
    fill(form, own);
    body.focus();
  });
}
