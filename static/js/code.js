// What only some readers need comes when they ask for it.
const copying = () => import("./code-copy.js");
const fullscreen = () => import("./code-fullscreen.js");
const lines = () => import("./code-lines.js");

const NUMBER = "a.code-line__number";
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };
const RANGE = /-L\d+-L\d+$/;

/**
 * Tools for blocks of code: `[data-code-block]`.
 *
 * The blocks are plain figures until this ran; the buttons exist only where they work.
 * @param {ParentNode} root
 */
export function start(root) {
  for (const block of root.querySelectorAll("[data-code-block]")) enhance(block);
  followAddress();
}

/** @param {HTMLElement} block */
function enhance(block) {
  const pre = block.querySelector("pre");
  if (!pre || block.querySelector(".code-block__tools")) return;

  const tools = document.createElement("div");
  tools.className = "code-block__tools";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const say = announcer(status);
  const copy = button("Copy", "Copy the code", async () => {
    const { copyCode } = await copying();
    say((await copyCode(pre)) ? "Copied" : "Select the code and copy it by hand");
  });
  const wrap = button("Wrap", "Wrap long lines", () => {
    const wraps = block.toggleAttribute("data-wrap");
    wrap.setAttribute("aria-pressed", String(wraps));
    say(wraps ? "Long lines wrap" : "Long lines scroll");
  });
  wrap.setAttribute("aria-pressed", "false");
  const enlarge = button("Fullscreen", "Show the code on the whole screen", async () => {
    (await fullscreen()).toggleFullscreen(block, enlarge);
  });
  tools.append(status, copy, wrap, enlarge);
  pre.before(tools);

  // One stop of the Tab key a block; the arrows lead from line to line.
  const first = pre.querySelector(NUMBER);
  if (!first) return;
  first.tabIndex = 0;
  pre.addEventListener("click", onClick);
  pre.addEventListener("keydown", onKey);
}

function onClick(event) {
  const number = event.target.closest(NUMBER);
  if (!number) return;
  if (event.shiftKey) {
    event.preventDefault();
    lines().then((module) => module.linkTo(number));
  } else {
    // Going to a line takes the focus away from its number.
    setTimeout(() => number.focus({ preventScroll: true }));
  }
}

function onKey(event) {
  const number = event.target.closest(NUMBER);
  const step = ARROWS[event.key];
  if (!number || !step) return;
  event.preventDefault();
  const { shiftKey } = event;
  lines().then((module) => module.stepTo(number, step, { extends: shiftKey }));
}

/** Lines `#train-py-L3-L7`; one line alone is the browser's own affair. */
function followAddress() {
  if (RANGE.test(location.hash)) lines().then((module) => module.markRange());
}
addEventListener("hashchange", () => lines().then((module) => module.markRange()));

function button(text, title, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.title = title;
  element.addEventListener("click", act);
  return element;
}

/** Show a message for a while; the same words again are announced again. */
function announcer(status) {
  let timer = 0;
  return (message) => {
    clearTimeout(timer);
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = message));
    timer = setTimeout(() => (status.textContent = ""), 4000);
  };
}
