export const UNREACHABLE = {
  errors: { __all__: ["The blog could not be reached. Your text is still here."] },
};

/** Take away what was said about the last try. */
export function clearErrors(form) {
  for (const old of form.querySelectorAll("[data-error]")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    const ids = (control.getAttribute("aria-describedby") ?? "").split(" ");
    const kept = ids.filter((id) => !id.endsWith("-error"));
    if (kept.length) control.setAttribute("aria-describedby", kept.join(" "));
    else control.removeAttribute("aria-describedby");
  }
}

/**
 * Say what is wrong: at the field where it is a field, else above the form. What was
 * typed stays, and focus goes to the first thing to mend. `fields` are hidden ones that
 * have to be sent otherwise next time.
 */
export function showErrors(form, { errors, link, fields } = {}) {
  clearErrors(form);
  for (const [name, value] of Object.entries(fields ?? {})) {
    form.elements.namedItem(name).value = value;
  }
  let first;
  for (const [name, sentences] of Object.entries(errors ?? { __all__: ["That did not work."] })) {
    const control = form.elements.namedItem(name);
    const isField = control?.type && control.type !== "hidden";
    const said = isField ? atField(control, sentences) : aboveForm(form, sentences, link);
    first ??= isField ? control : said;
  }
  first?.focus();
}

function atField(control, sentences) {
  const said = document.createElement("div");
  said.className = "field__error";
  said.id = `${control.id}-error`;
  said.dataset.error = "";
  said.append(...sentences.map(paragraph));
  control.after(said);
  control.setAttribute("aria-invalid", "true");
  const known = control.getAttribute("aria-describedby");
  control.setAttribute("aria-describedby", [known, said.id].filter(Boolean).join(" "));
  return said;
}

function aboveForm(form, sentences, link) {
  const said = document.createElement("div");
  said.className = "notice notice--error";
  said.dataset.error = "";
  said.setAttribute("role", "alert");
  said.tabIndex = -1;
  said.append(...sentences.map(paragraph));
  if (link) said.append(wayOn(link));
  form.prepend(said);
  return said;
}

function paragraph(sentence) {
  const p = document.createElement("p");
  p.textContent = sentence;
  return p;
}

// In a tab of its own, so that the text here survives.
function wayOn({ label, url }) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.textContent = `${label} (opens in a new tab)`;
  return link;
}
