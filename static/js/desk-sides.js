/** Sides of a question change places by buttons, in the stead of typed numbers. */
export function start(form) {
  const list = form.querySelector("[data-sides]");
  if (!list) return;
  const said = form.querySelector("[data-moved]");

  const place = (row) => row.querySelector("[data-place] input");
  const button = (row, step) => row.querySelector(`[data-move="${step}"]`);

  /** Numbers, names and ends of the list, as the sides stand now. */
  function renumber() {
    const rows = [...list.children];
    rows.forEach((row, index) => {
      const number = index + 1;
      place(row).value = number;
      for (const label of row.querySelectorAll("label")) label.textContent = numbered(label.textContent, number);
      for (const step of [-1, 1]) {
        const move = button(row, step);
        move.setAttribute("aria-label", numbered(move.getAttribute("aria-label"), number));
        move.disabled = !rows[index + step];
      }
    });
  }

  function move(row, step) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (step < 0) other.before(row);
    else other.after(row);
    renumber();
    place(row).dispatchEvent(new Event("input", { bubbles: true }));
    const pressed = button(row, step);
    (pressed.disabled ? button(row, -step) : pressed).focus();
    const name = row.querySelector("input:not([type=hidden])").value.trim() || "This side";
    said.textContent = `${name} is number ${place(row).value} now. Save to keep the order.`;
  }

  // A form that was refused comes back with the order that was wished.
  const rows = [...list.children].sort((one, other) => place(one).value - place(other).value);
  list.append(...rows);
  for (const row of rows) {
    row.querySelector("[data-place]").hidden = true;
    row.querySelector("[data-moves]").hidden = false;
    for (const step of [-1, 1]) button(row, step).addEventListener("click", () => move(row, step));
  }
  renumber();
}

function numbered(text, number) {
  return text.replace(/\d+/, number);
}
