/**
 * Take the conversation of this page anew, since an act changed it, and lead to what it
 * was about: `said.id` is the comment, without one it is the whole. Where the comment
 * stands on another page the browser goes there.
 * @param {{url: string, id?: string}} said
 * @param {() => void} keep puts back what was open, before focus moves
 * @returns {Promise<boolean>} whether it could be shown here
 */
export async function refresh(said, keep) {
  const old = document.querySelector("[data-conversation]");
  // The act is done, also where the connection ends now: the browser says so at its address.
  const next = old && await fetchConversation(markOf(said.url)).catch(() => null);
  const id = said.id && `comment-${said.id}`;
  if (!next || (id && !next.querySelector(`[id="${id}"]`))) {
    leave(said.url);
    return false;
  }
  for (const fold of foldedOf(old)) {
    const again = next.querySelector(`[data-fold="${fold.dataset.fold}"]`);
    if (again && !(id && again.querySelector(`[id="${id}"]`))) again.open = false;
  }
  old.replaceWith(next);
  keep();
  document.dispatchEvent(new CustomEvent("byline:load", { detail: next }));
  const target = document.getElementById(id || "comments-title");
  if (id) {
    // Only going to the fragment makes :target follow; replaceState does not.
    location.replace(`#${id}`);
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
  return true;
}

function foldedOf(conversation) {
  return conversation.querySelectorAll("[data-fold]:not([open])");
}

/** What makes a page show the act that gave this address, however it is cached. */
function markOf(url) {
  return new URL(url, location.href).searchParams.get("after");
}

async function fetchConversation(mark) {
  const url = new URL(location.href);
  url.hash = "";
  url.searchParams.set("after", mark);
  const response = await fetch(url, { cache: "reload" });
  if (!response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page.querySelector("[data-conversation]");
  return found && document.importNode(found, true);
}

function leave(url) {
  const target = new URL(url, location.href);
  location.assign(target);
}
