import { forget, meForAct } from "./session.js";
import { draw } from "./stand.js";

const FAILED = "That did not work. Please try again.";

/** Take a side in place, another one, or back the one that was taken. */
export async function take(link) {
  const question = link.closest("[data-question]");
  const isTaken = link.getAttribute("aria-pressed") === "true";
  const response = await send(link.href, isTaken ? "" : link.dataset.side);
  const said = await response.json().catch(() => ({}));
  if (!response.ok) {
    say(question, Object.values(said.errors ?? {}).flat()[0] ?? FAILED);
    return;
  }
  forget();
  show(question, said.side);
  draw(question, said.counts);
  const name = link.querySelector(".question__name").textContent;
  say(question, isTaken ? "You took back your side." : `You took the side “${name}”.`);
}

/** Show on the page which side is one's own, and what only voters see. */
export function mark(root, own) {
  for (const question of root.querySelectorAll("[data-question]")) {
    show(question, own?.side);
    if (own?.results) draw(question, own.results);
  }
}

async function send(url, side) {
  const response = await post(url, side);
  if (response.status !== 403) return response;
  // The token is old where somebody signed in again since the page asked for it.
  forget();
  return post(url, side);
}

async function post(url, side) {
  const { csrf } = await meForAct();
  return fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
    body: new URLSearchParams({ side }),
  });
}

function show(question, taken) {
  for (const link of question.querySelectorAll('[data-act="side"]')) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", String(link.dataset.side === taken));
  }
}

function say(question, sentence) {
  question.querySelector("[data-said]").textContent = sentence;
}
