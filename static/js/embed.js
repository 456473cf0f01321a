/**
 * Cards of what lives elsewhere: `[data-embed]`. Nothing is loaded until it is asked for.
 * @param {ParentNode} root
 */
export function start(root) {
  for (const card of root.querySelectorAll("[data-embed]")) enhance(card);
}

/** @param {HTMLElement} card */
function enhance(card) {
  if (card.querySelector(".embed__load")) return;
  const host = new URL(card.dataset.embed).hostname;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "embed__load";
  button.textContent = "Show it here";
  const note = document.createElement("p");
  note.className = "embed__note";
  note.textContent = `Loads from ${host}, which then learns of your visit.`;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "embed__frame";
    frame.src = card.dataset.embed;
    frame.title = card.querySelector(".embed__provider")?.textContent ?? host;
    frame.allow = "fullscreen; encrypted-media; picture-in-picture";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    note.remove();
    button.replaceWith(frame);
    frame.focus();
  });
  card.append(button, note);
}
