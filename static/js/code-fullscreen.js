/**
 * The figure itself moves into a modal dialog, and back to its place when that closes.
 * @param {HTMLElement} block
 * @param {HTMLButtonElement} opener
 */
export function toggleFullscreen(block, opener) {
  const open = block.closest("dialog.code-dialog");
  if (open) return open.close();

  const dialog = document.createElement("dialog");
  dialog.className = "code-dialog";
  const title = block.querySelector("figcaption")?.textContent.trim();
  dialog.setAttribute("aria-label", title ? `Code: ${title}` : "Code");
  const place = document.createComment("code");
  const { scrollX, scrollY } = window;
  block.replaceWith(place);
  dialog.append(block);
  document.body.append(dialog);
  opener.textContent = "Close";
  opener.title = "Close (Escape)";
  dialog.addEventListener("close", () => {
    place.replaceWith(block);
    dialog.remove();
    opener.textContent = "Fullscreen";
    opener.title = "Show the code on the whole screen";
    window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
    opener.focus({ preventScroll: true });
  });
  dialog.showModal();
  opener.focus();
}
