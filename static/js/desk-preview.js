import { ask, say } from "./desk-request.js";

const PAUSE = 400;
const OPEN_KEY = "byline-desk-preview";

/** Show the text as readers will see it, in a frame with their stylesheet. */
export function start(form) {
  const editor = form.querySelector("[data-editor]");
  const textarea = form.elements.body;
  const pane = editor.querySelector("[data-preview]");
  const button = editor.querySelector("[data-preview-switch]");
  const count = editor.querySelector("[data-count]");
  let frame;
  let timer;
  let asked = 0;

  async function openFrame() {
    frame = document.createElement("iframe");
    frame.className = "desk-editor__frame";
    frame.title = "Preview";
    frame.src = editor.dataset.frameUrl;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    pane.append(frame);
    await loaded;
    if (!frame.contentDocument?.querySelector("[data-body]")) {
      frame.remove();
      frame = undefined;
      show(false);
      return say(editor, "The preview did not open. Sign in as an author, in another tab, and try again.", "error");
    }
    const theme = document.documentElement.dataset.theme;
    if (theme !== "auto") frame.contentDocument.documentElement.dataset.theme = theme;
    frame.contentDocument.addEventListener("click", stayHere);
    refresh();
  }

  function stayHere(event) {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    const href = link.getAttribute("href");
    if (href.startsWith("#")) return;
    event.preventDefault();
    window.open(link.href, "_blank", "noopener");
  }

  async function refresh() {
    const page = frame?.contentDocument;
    if (!page?.querySelector("[data-body]") || pane.hidden) return;
    const number = ++asked;
    const data = new FormData();
    data.set("body", textarea.value);
    data.set("language", form.elements.language.value);
    for (const field of fields()) data.set(field.name, field.value);
    const { answer, refusal } = await ask(textarea.dataset.markdownxUrlsPath, data, form);
    if (number !== asked) return;
    if (refusal) return say(editor, refusal, "error");
    page.querySelector("[data-title]").textContent = form.elements.title.value;
    const body = page.querySelector("[data-body]");
    body.lang = form.elements.language.value;
    body.innerHTML = answer.html;
    page.querySelector("[data-parts]").innerHTML = answer.parts;
    count.textContent = answer.word_count === 1 ? "1 word" : `${answer.word_count} words`;
    page.dispatchEvent(new frame.contentWindow.CustomEvent("byline:load", { detail: body }));
  }

  /** What belongs to the article beside its text, as it would be sent. */
  function fields() {
    const all = form.querySelectorAll("[data-part] :is(input, select, textarea)");
    return [...all].filter((field) => field.type !== "checkbox" || field.checked);
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  }

  function show(open) {
    pane.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    localStorage.setItem(OPEN_KEY, open ? "open" : "");
    if (open && !frame) openFrame();
    else refresh();
  }

  function follow() {
    const page = frame?.contentDocument?.scrollingElement;
    const room = textarea.scrollHeight - textarea.clientHeight;
    if (!page || pane.hidden || room <= 0) return;
    page.scrollTop = (textarea.scrollTop / room) * (page.scrollHeight - page.clientHeight);
  }

  button.hidden = false;
  button.addEventListener("click", () => show(pane.hidden));
  textarea.addEventListener("input", soon);
  textarea.addEventListener("scroll", follow, { passive: true });
  form.elements.title.addEventListener("input", soon);
  form.elements.language.addEventListener("input", soon);
  for (const part of form.querySelectorAll("[data-part]")) part.addEventListener("input", soon);
  if (localStorage.getItem(OPEN_KEY)) show(true);
}
