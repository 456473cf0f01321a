import { renewToken } from "./session.js";

/**
 * POST what stands in a form. Signing in, perhaps in another tab, makes the form's token
 * old: where it is refused it is renewed, and the form sent once more.
 * @param {HTMLFormElement} form
 * @param {string} url
 * @returns {Promise<Response>}
 */
export async function sendForm(form, url) {
  const response = await send(form, url);
  if (response.status !== 403 || !(await renewToken(form))) return response;
  return send(form, url);
}

function send(form, url) {
  return fetch(url, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
}
