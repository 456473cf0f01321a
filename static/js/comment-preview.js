import { clearErrors, showErrors, UNREACHABLE } from "./form-errors.js";
import { sendForm } from "./form-request.js";

// Slower than the server's limit of thirty a minute.
const PAUSE = 2500;
const timers = new WeakMap();

export function isPreview(button) {
  return Boolean(button?.matches("[data-preview-button]"));
}

/** Show what would be published, following what is typed; the second time, hide it. */
export async function preview(form) {
  const button = form.querySelector("[data-preview-button]");
  const part = form.querySelector("[data-preview]");
  if (!part.hidden) {
    part.hidden = true;
    button.setAttribute("aria-pressed", "false");
    return;
  }
  if (!await update(form, { isAsked: true })) return;
  part.hidden = false;
  button.setAttribute("aria-pressed", "true");
  if (timers.has(form)) return;
  timers.set(form, 0);
  form.addEventListener("input", () => {
    clearTimeout(timers.get(form));
    if (!part.hidden) timers.set(form, setTimeout(update, PAUSE, form, {}));
  });
}

async function update(form, { isAsked }) {
  const response = await sendForm(form, form.dataset.previewUrl).catch(() => null);
  if (!response) {
    if (isAsked) showErrors(form, UNREACHABLE);
    return false;
  }
  if (response.ok) {
    clearErrors(form);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const nodes = [...page.body.childNodes].map((node) => document.importNode(node, true));
    form.querySelector("[data-preview-body]").replaceChildren(...nodes);
  } else if (isAsked) {
    showErrors(form, await response.json());
  }
  return response.ok;
}
