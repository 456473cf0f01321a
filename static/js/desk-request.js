import { renewToken } from "./session.js";

/**
 * POST to the desk and read its answer.
 * @param {string} url
 * @param {FormData} data
 * @param {HTMLFormElement} form whose token is sent along, and renewed where it is old
 * @returns {Promise<{answer?: any, refusal?: string}>} the answer, or a sentence
 */
export async function ask(url, data, form) {
  try {
    let response = await send(url, data, form);
    if (response.status === 403 && (await renewToken(form))) response = await send(url, data, form);
    const answer = await response.json();
    if (response.ok) return { answer };
    return { refusal: Object.values(answer.errors).flat().join(" ") };
  } catch {
    return { refusal: "The blog did not answer. Your text is still here; try again in a moment." };
  }
}

function send(url, data, form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return fetch(url, { method: "POST", body: data, headers });
}

/**
 * Say something beside the editor; an empty text takes it away.
 * @param {Element} editor
 * @param {string} text
 * @param {"error" | "news"} kind
 */
export function say(editor, text, kind = "news") {
  const said = editor.querySelector("[data-said]");
  said.textContent = text;
  said.dataset.kind = kind;
}
