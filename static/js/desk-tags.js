const PAUSE = 150;

/** Complete the tag that is being typed: a combobox over a comma-separated field. */
export function start(form) {
  const box = form.querySelector("[data-tags]");
  const input = form.elements.tags;
  const list = document.createElement("ul");
  let timer;
  let active = -1;

  list.id = "tag-suggestions";
  list.className = "desk-tags__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";

  /** Where the tag at the caret begins and ends. */
  function place() {
    const caret = input.selectionStart;
    const begin = input.value.lastIndexOf(",", caret - 1) + 1;
    const comma = input.value.indexOf(",", caret);
    return [begin, comma < 0 ? input.value.length : comma];
  }

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = (index + list.children.length) % list.children.length;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
  }

  function choose(name) {
    const [begin, end] = place();
    const before = input.value.slice(0, begin) + (begin ? " " : "");
    const after = input.value.slice(end).replace(/^,?\s*/, "");
    input.value = `${before}${name}, ${after}`;
    const caret = before.length + name.length + 2;
    input.setSelectionRange(caret, caret);
    input.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  async function suggest() {
    const [begin, end] = place();
    const typed = input.value.slice(begin, end).trim();
    if (!typed) return close();
    const used = input.value.toLowerCase().split(",").map((name) => name.trim());
    const address = `${box.dataset.url}?q=${encodeURIComponent(typed)}`;
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok || document.activeElement !== input) return close();
    const names = (await response.json()).tags.filter((name) => !used.includes(name.toLowerCase()));
    list.replaceChildren(...names.map(item));
    if (!names.length) return close();
    active = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function item(name, index) {
    const element = document.createElement("li");
    element.id = `tag-suggestion-${index}`;
    element.className = "desk-tags__item";
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    element.textContent = name;
    // Before the field loses the focus, which closes the list.
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(name);
    });
    return element;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(list.children[active].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}
