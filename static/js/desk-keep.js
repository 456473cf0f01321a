import { say } from "./desk-request.js";

const PAUSE = 500;
const KEPT = ["title", "body", "summary"];

/** Keep unsaved words in the browser, in case the page, the session or the blog ends. */
export function start(form) {
  const editor = form.querySelector("[data-editor]");
  // Of one person: a browser may be shared.
  const own = `byline-desk-${form.dataset.user}`;
  const key = `${own}-${form.dataset.key}`;
  const version = form.dataset.version;
  const words = () => Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  const stored = JSON.stringify(KEPT.map((name) => form.elements[name].defaultValue));
  let isDirty = false;
  let timer;

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ version, words: words() }));
    } catch {
      // Full or forbidden: the warning before leaving is still there.
    }
  }

  function offer(kept) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-button";
    button.textContent = "Bring it back";
    button.addEventListener("click", () => {
      for (const name of KEPT) form.elements[name].value = kept.words[name];
      form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
      say(editor, "Your unsaved text is back. Save it to keep it.");
    });
    say(editor, "This browser holds text that was not saved. ");
    editor.querySelector("[data-said]").append(button);
  }

  function leftBehind() {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "null");
      if (kept?.version !== version) return localStorage.removeItem(key);
      if (JSON.stringify(Object.values(kept.words)) !== stored) offer(kept);
    } catch {
      localStorage.removeItem(key);
    }
  }

  leftBehind();
  // A first save gives the post a number of its own: its words are not left over.
  if (form.dataset.key !== "new" && version === "1") localStorage.removeItem(`${own}-new`);
  form.addEventListener("input", (event) => {
    isDirty = true;
    if (!KEPT.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    if (isDirty) keep();
    isDirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}
