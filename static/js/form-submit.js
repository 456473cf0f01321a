import { isPreview, preview } from "./comment-preview.js";
import { handOver, keepSent } from "./draft.js";
import { clearErrors, showErrors, UNREACHABLE } from "./form-errors.js";
import { sendForm } from "./form-request.js";

/**
 * Send a form without leaving the page: a refusal is said in it, and `done` gets the
 * answer to what was accepted.
 * @param {SubmitEvent} event
 * @param {(said: object) => void | Promise<void>} done
 */
export async function submitInPlace(event, done) {
  event.preventDefault();
  const form = event.target;
  if (isPreview(event.submitter)) return void preview(form);
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  clearErrors(form);
  const isAcknowledged = form.dataset.draft ? keepSent(form) : () => {};
  try {
    const response = await sendForm(form, form.action);
    const said = await response.json();
    if (response.ok) {
      isAcknowledged();
      await done(said);
    } else {
      if (response.status === 409) handOver(form);
      showErrors(form, said);
    }
  } catch {
    showErrors(form, UNREACHABLE);
  } finally {
    form.removeAttribute("aria-busy");
  }
}
