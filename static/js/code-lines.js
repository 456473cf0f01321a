import { announce } from "./announce.js";

const RANGE = /^#(.+)-L(\d+)-L(\d+)$/;

/**
 * Go from the number of a line to the next; `extends` takes the lines between along.
 * @param {HTMLAnchorElement} number
 * @param {1 | -1} step
 */
export function stepTo(number, step, { extends: isRange }) {
  const numbers = [...number.closest("pre").querySelectorAll(".code-line__number")];
  const next = numbers[numbers.indexOf(number) + step];
  if (!next) return;
  number.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  if (isRange) linkTo(next);
}

/**
 * Let the address name the lines from the one it names already to this one.
 * @param {HTMLAnchorElement} number
 */
export function linkTo(number) {
  const [, name, line] = number.hash.match(/^#(.+)-L(\d+)$/);
  const known = location.hash.match(/^#(.+)-L(\d+)(?:-L\d+)?$/);
  const isHere = known && decoded(known[1]) === decoded(name);
  const start = isHere ? Number(known[2]) : Number(line);
  const [first, last] = [start, Number(line)].sort((a, b) => a - b);
  const hash = first === last ? `#${name}-L${first}` : `#${name}-L${first}-L${last}`;
  history.replaceState(null, "", hash);
  markRange({ scrolls: false });
  announce(first === last ? `Line ${first}` : `Lines ${first} to ${last}`);
}

/** Mark the lines that the address names, and go to the first of them. */
export function markRange({ scrolls = true } = {}) {
  for (const line of document.querySelectorAll(".code-line[data-linked]")) line.removeAttribute("data-linked");
  const match = location.hash.match(RANGE);
  if (!match) return;
  const name = decoded(match[1]);
  const [first, last] = [Number(match[2]), Number(match[3])].sort((a, b) => a - b);
  let line = document.getElementById(`${name}-L${first}`);
  if (line && scrolls) line.scrollIntoView({ block: "center" });
  for (let number = first; line && number <= last; number += 1) {
    line.setAttribute("data-linked", "");
    line = document.getElementById(`${name}-L${number + 1}`);
  }
}

/** An address may hold anything; what is no encoding stands for itself. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
