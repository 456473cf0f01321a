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
  if (answer.user) name(answer.user);
  for (const link of root.querySelectorAll('a[data-act="react"]')) {
    markReaction(link, givenTo(link, answer));
  }
  markSide(root, answer.post);
  for (const [id, comment] of Object.entries(answer.comments)) {
    if (comment.can_edit) markOwn(document.getElementById(`comment-${id}`), id);
    if (comment.state === "pending") noteWaiting(root, id, comment.can_edit);
  }
}

function name(user) {
  for (const link of document.querySelectorAll("[data-account]")) {
    link.textContent = user.name;
    link.title = `Signed in as @${user.handle}`;
  }
}

/** What nobody sees yet is not in the page; its writer is told so under the rest. */
function noteWaiting(root, id, canEdit) {
  const conversation = root.querySelector("[data-conversation]") ?? root.closest?.("[data-conversation]");
  if (!conversation || conversation.querySelector(`[data-waiting="${id}"]`)) return;
  const note = document.createElement("p");
  note.className = "notice conversation__waiting";
  note.dataset.waiting = id;
  const link = document.createElement("a");
  link.href = `/comments/${id}/waiting/`;
  link.textContent = "What it waits for";
  note.append("Your comment waits to be seen. ", link);
  if (canEdit) note.append(" · ", actLink(id, "edit", "Edit"));
  conversation.append(note);
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
    const link = actLink(id, act, label);
    link.className = "comment__act";
    more.before(link);
  }
}

function actLink(id, act, label) {
  const link = document.createElement("a");
  link.href = `/comments/${id}/${act}/`;
  link.rel = "nofollow";
  link.dataset.act = act;
  link.textContent = label;
  return link;
}
