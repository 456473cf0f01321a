import { announce } from "./announce.js";

// `#train-py-L3-L7`; one line alone, `#train-py-L3`, is the browser's own affair.
const RANGE = /^#(.+)-L(\d+)-L(\d+)$/;
const NUMBER = "a.code-line__number";
let isListening = false;

/**
 * Numbers of lines: one stop of the Tab key a block, arrows from line to line, and with
 * Shift a range.
 * @param {ParentNode} root
 */
export function startLines(root) {
  for (const pre of root.querySelectorAll("[data-code-block] pre")) {
    const first = pre.querySelector(NUMBER);
    if (!first || pre.dataset.lines) continue;
    pre.dataset.lines = "ready";
    first.tabIndex = 0;
    pre.addEventListener("click", onClick);
    pre.addEventListener("keydown", onKey);
  }
  markRange();
  if (isListening) return;
  isListening = true;
  window.addEventListener("hashchange", markRange);
}

function onClick(event) {
  const number = event.target.closest(NUMBER);
  if (!number) return;
  if (!event.shiftKey) {
    // Going to a line takes the focus away from its number.
    setTimeout(() => number.focus({ preventScroll: true }));
    return;
  }
  event.preventDefault();
  linkTo(number);
}

function onKey(event) {
  const number = event.target.closest(NUMBER);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!number || !step) return;
  event.preventDefault();
  const numbers = [...event.currentTarget.querySelectorAll(NUMBER)];
  const next = numbers[numbers.indexOf(number) + step];
  if (!next) return;
  number.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  if (event.shiftKey) linkTo(next);
}

/** Let the address name the lines from the one it names already to this one. */
function linkTo(number) {
  const [, name, line] = number.hash.match(/^#(.+)-L(\d+)$/);
  const known = location.hash.match(/^#(.+)-L(\d+)(?:-L\d+)?$/);
  const isHere = known && decodeURIComponent(known[1]) === decodeURIComponent(name);
  const start = isHere ? Number(known[2]) : Number(line);
  const [first, last] = [start, Number(line)].sort((a, b) => a - b);
  const hash = first === last ? `#${name}-L${first}` : `#${name}-L${first}-L${last}`;
  history.replaceState(null, "", hash);
  markRange({ isSilent: true });
  announce(first === last ? `Line ${first}` : `Lines ${first} to ${last}`);
}

/** Mark the lines that the address names, and go to the first of them. */
function markRange({ isSilent = false } = {}) {
  for (const line of document.querySelectorAll(".code-line[data-linked]")) line.removeAttribute("data-linked");
  const match = location.hash.match(RANGE);
  if (!match) return;
  const name = decodeURIComponent(match[1]);
  const [first, last] = [Number(match[2]), Number(match[3])].sort((a, b) => a - b);
  let line = document.getElementById(`${name}-L${first}`);
  if (line && !isSilent) line.scrollIntoView({ block: "center" });
  for (let number = first; line && number <= last; number += 1) {
    line.setAttribute("data-linked", "");
    line = document.getElementById(`${name}-L${number + 1}`);
  }
}
