// What /me/ says about the one who asks: fetched once a page. To show what is one's own
// it is asked only where the readable cookie says that there is something to ask.
const KNOWN_COOKIE = /(?:^|; )byline_known=1/;

let answer;

/** @returns {Promise<object | null>} null for strangers and when nothing can be learnt */
export function me() {
  return KNOWN_COOKIE.test(document.cookie) ? meForAct() : Promise.resolve(null);
}

/** @returns {Promise<object | null>} for strangers, too: with a token they can act */
export function meForAct() {
  answer ??= ask();
  return answer;
}

export function forget() {
  answer = undefined;
}

/**
 * Give a form the token of now.
 * @param {HTMLFormElement} form
 * @returns {Promise<boolean>} whether there is one
 */
export async function renewToken(form) {
  forget();
  const now = await meForAct();
  if (now) form.elements.csrfmiddlewaretoken.value = now.csrf;
  return Boolean(now);
}

async function ask() {
  const slug = document.querySelector("[data-post]")?.dataset.post;
  const query = slug ? `?post=${encodeURIComponent(slug)}` : "";
  try {
    const response = await fetch(`/me/${query}`, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
