/** The moderators' queue by keyboard: every key presses what is there for the hand. */
const queue = document.querySelector("[data-queue]");
const help = queue.querySelector("[data-keys]");
const items = [...queue.querySelectorAll("[data-queue-item]")];
const KEPT = "byline-queue-keys";
const STEPS = { j: 1, k: -1 };

function current() {
  return items.find((item) => item.contains(document.activeElement));
}

function move(step) {
  const here = items.indexOf(current());
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), items.length - 1);
  items[next]?.focus();
}

/** Fold and unfold; a field that comes to light is where one goes on. */
function fold(summary) {
  const details = summary.parentElement;
  details.open = !details.open;
  const field = details.open && details.querySelector("input[type=text]");
  if (field) field.focus();
}

function press(key) {
  const place = key === "u" ? queue : current() ?? items[0];
  const target = place?.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches("summary")) fold(target);
  else target.click();
  return true;
}

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=checkbox]), [contenteditable]");
}

function listens() {
  return help.querySelector("[data-keys-on]").checked;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") current()?.focus();
    return;
  }
  if (!listens()) return;
  const key = event.key.toLowerCase();
  if (key in STEPS) move(STEPS[key]);
  else if (key === "?") fold(help.querySelector("summary"));
  else if (!/^[asrxtu]$/.test(key) || !press(key)) return;
  event.preventDefault();
}

/** What was chosen stays chosen, where the browser keeps anything at all. */
function remember(box) {
  try {
    box.checked = localStorage.getItem(KEPT) !== "off";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  } catch {
    box.checked = true;
  }
}

function startKeys() {
  remember(help.querySelector("[data-keys-on]"));
  help.hidden = false;
  document.addEventListener("keydown", onKey);
}

function startAll() {
  const all = queue.querySelector("[data-all]");
  if (!all) return;
  all.hidden = false;
  all.addEventListener("change", ({ target }) => {
    for (const box of queue.querySelectorAll("[name=comment][type=checkbox]")) {
      box.checked = target.checked;
    }
  });
}

startKeys();
startAll();
// After a decision: go on with what comes next.
items.find((item) => `#${item.id}` === location.hash)?.focus();
