import { forget, me } from "./session.js";
import { mark as markSide } from "./side.js";

/** Show what is one's own on the page: the name, the reactions, the comments. */
export async function start(root) {
  await mark(root);
  document.addEventListener("byline:load", async (event) => {
    forget();
    await mark(event.detail);
  });
}

async function mark(root) {
  const answer = await me();
  if (!answer) return;
  for (const link of document.querySelectorAll("[data-account]")) {
    link.textContent = answer.user.name;
    link.title = `Signed in as @${answer.user.handle}`;
  }
  for (const link of root.querySelectorAll('a[data-act="react"]')) {
    markReaction(link, givenTo(link, answer));
  }
  markSide(root, answer.post);
  for (const [id, comment] of Object.entries(answer.comments)) {
    if (comment.can_edit) markOwn(document.getElementById(`comment-${id}`), id);
  }
}

function givenTo(link, answer) {
  const id = link.closest("[data-comment]")?.dataset.comment;
  return (id ? answer.comments[id] : answer.post)?.reactions ?? [];
}

function markReaction(link, given) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", String(given.includes(link.dataset.kind)));
}

function markOwn(comment, id) {
  const acts = comment?.querySelector(":scope > .comment__acts");
  if (!acts || "own" in comment.dataset) return;
  comment.dataset.own = "";
  const more = acts.querySelector(".comment__more");
  for (const [act, label] of [["edit", "Edit"], ["delete", "Delete"]]) {
    const link = document.createElement("a");
    link.className = "comment__act";
    link.href = `/comments/${id}/${act}/`;
    link.rel = "nofollow";
    link.dataset.act = act;
    link.textContent = label;
    more.before(link);
  }
}
