const MAX_LENGTH = 80;

/** The address that the server would make of a title (core/slugs.py is what counts). */
export function slugOf(title) {
  const text = title.normalize("NFKC").toLowerCase()
    .replace(/(?<=[\p{L}\p{N}_])\+\+/gu, "-plus-plus")
    .replace(/(?<=[\p{L}\p{N}_])#(?![\p{L}\p{N}_])/gu, "-sharp")
    .replace(/(?<![\p{L}\p{N}_])\.(?=[\p{L}\p{N}_])/gu, "dot-")
    .replace(/['\u2019]/g, "")
    .replace(/[\ufe00-\ufe0f]/g, "-")
    .replace(/[^\p{L}\p{N}\p{Mn}\p{Mc}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  const letters = [...text];
  if (letters.length <= MAX_LENGTH) return text;
  let cut = letters.slice(0, MAX_LENGTH).join("");
  const dash = cut.lastIndexOf("-");
  if (letters[MAX_LENGTH] !== "-" && dash > (MAX_LENGTH * 2) / 3) cut = cut.slice(0, dash);
  return cut.replace(/-+$/, "");
}

/** The address follows the title of a new post until somebody types another. */
export function start(form) {
  const { title, slug, published_at: time } = form.elements;
  if ("isNew" in form.dataset) {
    let follows = !slug.value || slug.value === slugOf(title.value);
    title.addEventListener("input", () => {
      if (follows) slug.value = slugOf(title.value);
    });
    slug.addEventListener("input", () => { follows = !slug.value; });
  }

  const local = form.querySelector("[data-local-time]");
  function showLocal() {
    const moment = new Date(`${time.value}Z`);
    local.hidden = Number.isNaN(moment.valueOf());
    if (!local.hidden) local.textContent = `Where you are: ${moment.toLocaleString()}`;
  }
  time.addEventListener("input", showLocal);
  showLocal();
}
