import { announce } from "./announce.js";

/** "More replies" brings the rest of a thread, from its own page, to where one reads. */
export function start(root) {
  for (const link of root.querySelectorAll("a[data-more-replies]")) {
    if (link.dataset.moreReplies === "here") continue;
    link.dataset.moreReplies = "here";
    link.addEventListener("click", (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (link.getAttribute("aria-busy") !== "true") bring(link);
    });
  }
}

async function bring(link) {
  link.setAttribute("aria-busy", "true");
  try {
    show(link, await fetchPage(link.href));
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

async function fetchPage(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function show(link, page) {
  const fold = link.closest("[data-fold]");
  const list = fold.querySelector("[data-replies]");
  const found = [...page.querySelectorAll("[data-replies] > li")];
  const fresh = found
    .filter((item) => !document.getElementById(item.querySelector("[data-comment]").id))
    .map((item) => document.importNode(item, true));
  list.append(...fresh);
  document.dispatchEvent(new CustomEvent("byline:load", { detail: list }));
  const next = page.querySelector('[data-conversation] a[rel="next"]');
  if (next) link.href = next.getAttribute("href");
  else link.parentElement.remove();
  const shown = list.children.length;
  const count = fold.querySelector("[data-count]");
  count.textContent = `${next ? "The first " : ""}${shown} ${shown === 1 ? "reply" : "replies"}`;
  (fresh[0]?.querySelector("[data-comment]") ?? fold.querySelector("summary")).focus();
  announce(`${fresh.length} more ${fresh.length === 1 ? "reply" : "replies"}.`);
}
