const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw how opinion stands, as templates/comments/_stand.html does.
 * @param {Element} question
 * @param {Record<string, {members: number, visitors: number}> | undefined} counts without
 *   them nothing is shown
 */
export function draw(question, counts) {
  const all = Object.values(counts ?? {}).reduce((sum, { members, visitors }) => sum + members + visitors, 0);
  for (const stand of question.querySelectorAll("[data-stand]")) {
    const count = counts?.[stand.dataset.stand];
    stand.replaceChildren(...(count ? [bar(count, all), said(stand.dataset.stand, count, all)] : []));
  }
}

function bar({ members, visitors }, all) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "stand__bar");
  svg.setAttribute("aria-hidden", "true");
  const middle = `${share(members, all)}%`;
  svg.append(
    line("stand__members", "0", middle),
    line("stand__visitors", middle, `${share(members + visitors, all)}%`),
  );
  return svg;
}

function line(name, x1, x2) {
  const drawn = document.createElementNS(SVG, "line");
  const places = { class: name, x1, x2, y1: "50%", y2: "50%" };
  for (const [attribute, value] of Object.entries(places)) drawn.setAttribute(attribute, value);
  return drawn;
}

function said(slug, { members, visitors }, all) {
  const votes = members + visitors;
  const data = document.createElement("data");
  data.className = "side-count";
  data.dataset.side = slug;
  data.value = votes;
  data.textContent = votes;
  const words = document.createElement("p");
  words.className = "stand__said";
  words.append(
    span("stand__share", `${Math.round(share(votes, all))} %`), " ",
    span("", data, votes === 1 ? " vote" : " votes"), " ",
    span("stand__who", `${plural(members, "member")}, ${plural(visitors, "visitor")}`),
  );
  return words;
}

function span(name, ...content) {
  const made = document.createElement("span");
  if (name) made.className = name;
  made.append(...content);
  return made;
}

function share(votes, all) {
  return all ? Math.round((10_000 * votes) / all) / 100 : 0;
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
