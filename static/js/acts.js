import { openForm } from "./act-form.js";
import { toggle } from "./reaction.js";
import { take } from "./side.js";

const IN_PLACE = { react: toggle, side: take };

/** Links to acts do in place what their pages do: the page stays their meaning. */
export function start(root) {
  root.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[data-act]");
    if (!link) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    act(link);
  });
  root.addEventListener("keydown", (event) => {
    const button = event.target.closest?.('a[data-act][role="button"]');
    if (!button || event.key !== " ") return;
    event.preventDefault();
    button.click();
  });
}

async function act(link) {
  link.setAttribute("aria-busy", "true");
  try {
    await (IN_PLACE[link.dataset.act] ?? openForm)(link);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}
