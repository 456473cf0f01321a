/**
 * What somebody would type: code without prompts, output, and the marks of a change.
 * @param {HTMLElement} pre
 */
export function codeOf(pre) {
  const code = pre.querySelector("code") ?? pre;
  const lines = code.querySelectorAll(".code-line");
  if (!lines.length) return code.textContent;

  const isSession = Boolean(code.querySelector(".gp"));
  return [...lines]
    .filter((line) => line.tagName !== "DEL" && (!isSession || line.querySelector(".gp")))
    .map((line) => withoutMarks(line.cloneNode(true)))
    .join("");
}

/** @param {HTMLElement} line a copy of it */
function withoutMarks(line) {
  const prompt = line.querySelector(".gp");
  const isTight = prompt && !/\s$/.test(prompt.textContent);
  for (const mark of line.querySelectorAll(".code-line__sign, .gp")) mark.remove();
  return isTight ? line.textContent.replace(/^ /, "") : line.textContent;
}

/**
 * Copy the code; false where the browser does not let it, with the code selected.
 * @param {HTMLElement} pre
 */
export async function copyCode(pre) {
  try {
    await navigator.clipboard.writeText(codeOf(pre));
    return true;
  } catch {
    // Without https there is no clipboard: leave the text selected.
    getSelection()?.selectAllChildren(pre.querySelector("code") ?? pre);
    return document.execCommand("copy");
  }
}
