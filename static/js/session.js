// What /me/ says about the one who asks: fetched once a page, and only where the readable
// cookie says that there is something to ask.
const KNOWN_COOKIE = /(?:^|; )byline_known=1/;

let answer;

/** @returns {Promise<object | null>} null for strangers and when nothing can be learnt */
export function me() {
  answer ??= KNOWN_COOKIE.test(document.cookie) ? ask() : Promise.resolve(null);
  return answer;
}

export function forget() {
  answer = undefined;
}

/**
 * Give a form the token of now.
 * @param {HTMLFormElement} form
 * @returns {Promise<boolean>} false for strangers: they sign in first
 */
export async function renewToken(form) {
  forget();
  const now = await me();
  if (now) form.elements.csrfmiddlewaretoken.value = now.csrf;
  return Boolean(now);
}

async function ask() {
  const slug = document.querySelector("[data-post]")?.dataset.post;
  const query = slug ? `?post=${encodeURIComponent(slug)}` : "";
  try {
    const response = await fetch(`/me/${query}`, { headers: { Accept: "application/json" } });
    const said = response.ok ? await response.json() : null;
    return said?.user ? said : null;
  } catch {
    return null;
  }
}
