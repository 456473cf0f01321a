import { copyCode } from "./code-copy.js";
import { toggleFullscreen } from "./code-fullscreen.js";
import { startLines } from "./code-lines.js";

/**
 * Tools for blocks of code: `[data-code-block]`.
 *
 * The blocks are plain figures until this ran; the buttons exist only where they work.
 * @param {ParentNode} root
 */
export function start(root) {
  for (const block of root.querySelectorAll("[data-code-block]")) enhance(block);
  startLines(root);
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
    say((await copyCode(pre)) ? "Copied" : "Select the code and copy it by hand");
  });
  const wrap = button("Wrap", "Wrap long lines", () => {
    const wraps = block.toggleAttribute("data-wrap");
    wrap.setAttribute("aria-pressed", String(wraps));
    say(wraps ? "Long lines wrap" : "Long lines scroll");
  });
  wrap.setAttribute("aria-pressed", "false");
  const fullscreen = button("Fullscreen", "Show the code on the whole screen", () => {
    toggleFullscreen(block, fullscreen);
  });
  tools.append(status, copy, wrap, fullscreen);
  pre.before(tools);
}

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
