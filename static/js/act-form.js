import { fetchPart, focusIn, isCancel, place } from "./act-panel.js";
import { announce } from "./announce.js";
import { refresh } from "./conversation.js";
import { startDraft } from "./draft.js";
import { submitInPlace } from "./form-submit.js";

const SAID = {
  comment: "Your comment is published.",
  reply: "Your reply is published.",
  edit: "Your comment is changed.",
  delete: "The comment is deleted.",
};
const panels = new Map();

/** Fetch the page of an act and show its form where the act belongs. */
export async function openForm(link) {
  const known = panels.get(link.href);
  if (known?.isConnected && !("answered" in known.dataset)) {
    focusIn(known);
    return;
  }
  known?.remove();
  const part = await fetchPart(link.href);
  if (!part) {
    location.assign(link.href);
    return;
  }
  const panel = document.createElement("div");
  panel.className = "act-panel";
  panel.dataset.actPanel = "";
  panel.append(part);
  panels.set(link.href, panel);
  place(panel, link);
  panel.addEventListener("click", (event) => onClick(event, panel, link.href));
  panel.addEventListener("keydown", (event) => {
    if (!isCancel(event, panel)) return;
    event.preventDefault();
    close(panel, link.href);
  });
  const { act } = link.dataset;
  panel.addEventListener("submit", (event) => {
    submitInPlace(event, (said) => finish(panel, act, link.href, said));
  });
  focusIn(panel);
  const form = panel.querySelector("[data-draft]");
  if (form) startDraft(form);
}

function linkOf(url) {
  return [...document.querySelectorAll("a[data-act]")].find((link) => link.href === url);
}

function close(panel, url) {
  panel.remove();
  panels.delete(url);
  const link = linkOf(url);
  if (!link) return;
  link.hidden = false;
  link.focus();
}

function onClick(event, panel, url) {
  if (!event.target.closest("[data-cancel]")) return;
  event.preventDefault();
  close(panel, url);
}

async function finish(panel, act, url, said) {
  if (act === "report" || said.state === "pending") {
    await answerIn(panel, new URL(said.url, location.href).href);
    return;
  }
  panel.remove();
  panels.delete(url);
  const hasPlace = await refresh(said, () => {
    for (const [address, open] of panels) {
      const link = linkOf(address);
      if (link) place(open, link);
    }
  });
  if (hasPlace) announce(SAID[act]);
}

/** What was done shows nothing on this page: its own page says what comes of it. */
async function answerIn(panel, url) {
  const part = await fetchPart(url);
  if (!part) {
    location.assign(url);
    return;
  }
  panel.replaceChildren(part);
  panel.dataset.answered = "";
  focusIn(panel);
}
