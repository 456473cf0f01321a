/**
 * Copy, wrap and fullscreen for code blocks: `[data-code-block]`.
 *
 * The blocks are plain figures until this ran; the buttons exist only where they work.
 */

/** @param {ParentNode} root */
export function start(root) {
  for (const block of root.querySelectorAll("[data-code-block]")) enhance(block);
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
  tools.append(
    status,
    button("Copy", "Copy the code", async () => {
      say((await copy(pre)) ? "Copied" : "Select the code and copy it by hand");
    }),
    button("Wrap", "Wrap long lines", (pressed) => {
      const wraps = block.toggleAttribute("data-wrap");
      pressed.setAttribute("aria-pressed", String(wraps));
      say(wraps ? "Long lines wrap" : "Long lines scroll");
    }),
    button("Fullscreen", "Show the code on the whole screen", (opener) => {
      toggleFullscreen(block, opener);
    }),
  );
  tools.children[2].setAttribute("aria-pressed", "false");
  pre.before(tools);
}

/** @param {(button: HTMLButtonElement) => void} act */
function button(text, title, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.title = title;
  element.addEventListener("click", () => act(element));
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

/** @param {HTMLElement} pre */
async function copy(pre) {
  const code = pre.querySelector("code") ?? pre;
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    // Without https there is no clipboard: leave the text selected.
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}

/** The figure itself moves into a modal dialog, and back to its place when that closes. */
function toggleFullscreen(block, opener) {
  const open = block.closest("dialog.code-dialog");
  if (open) return open.close();

  const dialog = document.createElement("dialog");
  dialog.className = "code-dialog";
  dialog.setAttribute("aria-label", "Code");
  const place = document.createComment("code");
  block.replaceWith(place);
  dialog.append(block);
  document.body.append(dialog);
  opener.textContent = "Close";
  opener.title = "Close (Escape)";
  dialog.addEventListener("close", () => {
    place.replaceWith(block);
    dialog.remove();
    opener.textContent = "Fullscreen";
    opener.title = "Show the code on the whole screen";
    opener.focus();
  });
  dialog.showModal();
  opener.focus();
}
