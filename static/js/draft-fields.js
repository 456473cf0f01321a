// What is kept of a comment's form: the hidden fields go with the words they were given for.
const NAMES = ["body", "side", "key", "base"];

/** @returns {Record<string, string | undefined>} without a value for what the form has not */
export function valuesOf(form) {
  return Object.fromEntries(NAMES.map((name) => [name, form.elements[name]?.value]));
}

export function fill(form, values) {
  for (const name of NAMES) {
    if (form.elements[name] && values[name] !== undefined) put(form.elements[name], values[name]);
  }
}

function put(field, value) {
  if (field instanceof RadioNodeList) {
    // Chromium's list ignores the empty value. A side that is not asked about any more has none.
    for (const radio of field) if (radio.value === value) radio.checked = true;
  } else {
    field.value = value;
  }
}

/** What tells one comment from another: its words, and the side they are said for. */
export function saidIn(form) {
  const { body, side } = valuesOf(form);
  return side ? `${side}\n${body}` : body;
}

export function isKept(field) {
  return ["body", "side"].includes(field.name);
}
