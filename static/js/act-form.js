import { fetchPart, focusIn, place } from "./act-panel.js";
import { isPreview, preview } from "./comment-preview.js";
import { refresh } from "./conversation.js";
import { clearErrors, showErrors } from "./form-errors.js";
import { sendForm } from "./form-request.js";
import { announce } from "./announce.js";

const SAID = {
  comment: "Your comment is published.",
  reply: "Your reply is published.",
  edit: "Your comment is changed.",
  delete: "The comment is deleted.",
};
const UNREACHABLE = "The blog could not be reached. Your text is still here.";
const panels = new Map();

/** Fetch the page of an act and show its form where the act belongs. */
export async function openForm(link) {
  const known = panels.get(link.href);
  if (known?.isConnected) {
    focusIn(known);
    return;
  }
  const part = await fetchPart(link.href);
  if (!part) {
    location.assign(link.href);
    return;
  }
  const panel = document.createElement("div");
  panel.className = "act-panel";
  panel.append(part);
  panels.set(link.href, panel);
  place(panel, link);
  panel.addEventListener("click", (event) => onClick(event, panel, link.href));
  panel.addEventListener("submit", (event) => onSubmit(event, panel, link.dataset.act, link.href));
  focusIn(panel);
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

async function onSubmit(event, panel, act, url) {
  event.preventDefault();
  const form = event.target;
  if (isPreview(event.submitter)) return void preview(form);
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  clearErrors(form);
  try {
    const response = await sendForm(form, form.action);
    const said = await response.json();
    if (!response.ok) showErrors(form, said);
    else await finish(panel, act, url, said);
  } catch {
    showErrors(form, { errors: { __all__: [UNREACHABLE] } });
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function finish(panel, act, url, said) {
  if (act === "report") {
    panel.replaceChildren(await fetchPart(url));
    focusIn(panel);
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
