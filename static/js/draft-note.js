import { announce } from "./announce.js";

/**
 * Say that a draft is back, and let it be thrown away.
 * @param {HTMLFormElement} form
 * @param {number} at when it was typed
 * @param {() => void} discard
 */
export function showNote(form, at, discard) {
  const note = form.querySelector("[data-draft-note]");
  const time = note.querySelector("time");
  const moment = new Date(at);
  time.dateTime = moment.toISOString();
  time.textContent = moment.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  note.hidden = false;
  announce(`Your draft from ${time.textContent} is back.`);
  note.querySelector("button").addEventListener("click", () => {
    note.hidden = true;
    discard();
  }, { once: true });
}
