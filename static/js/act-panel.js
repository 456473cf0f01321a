/** The part of a private page that stands for it elsewhere; null where it is refused. */
export async function fetchPart(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (!response.ok || new URL(response.url).pathname !== new URL(url).pathname) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.querySelector("[data-fragment]");
  return part && document.importNode(part, true);
}

/** Under the comment it is about; else after the row or the line of the link. */
export function place(panel, link) {
  const comment = link.closest("[data-comment]");
  const anchor = comment?.querySelector(":scope > .comment__acts")
    ?? link.closest("[data-reactions], p, li") ?? link;
  anchor.after(panel);
  if (link.dataset.act === "comment") link.hidden = true;
}

export function focusIn(panel) {
  const first = panel.querySelector("textarea, select, [role=status], button[type=submit]");
  if (first.matches("[role=status]")) first.tabIndex = -1;
  first.focus();
}

/** Escape is Cancel, unless something is on its way, or was typed that no draft keeps. */
export function isCancel(event, panel) {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return false;
  if (panel.querySelector('[aria-busy="true"]')) return false;
  const fields = panel.querySelectorAll("textarea:not([data-draft] *), input:not([type=hidden])");
  return [...fields].every((field) => field.value === field.defaultValue);
}
