import { startDraft } from "./draft.js";
import { submitInPlace } from "./form-submit.js";

/** The form of a comment on a page of its own; in a panel it is the panel's. */
export function start(root) {
  for (const form of root.querySelectorAll("[data-comment-form]:not([data-act-panel] *)")) {
    startDraft(form);
    form.addEventListener("submit", (event) => {
      submitInPlace(event, (said) => location.assign(said.url));
    });
  }
}
