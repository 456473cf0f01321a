import { announce } from "./announce.js";
import { forget, meForAct } from "./session.js";

/**
 * Give or take back a reaction in place. The number changes at once and is then set to
 * what the server counted. Where nothing can be asked the browser goes to the page.
 */
export async function toggle(link) {
  const answer = await meForAct();
  if (!answer) {
    location.assign(link.href);
    return;
  }
  const row = link.closest("[data-reactions]");
  const isOn = link.getAttribute("aria-pressed") !== "true";
  const before = countOf(link);
  show(link, isOn, Math.max(0, before + (isOn ? 1 : -1)));
  let response = await send(link, isOn, answer.csrf);
  // The token is old where somebody signed in again since the page asked for it.
  if (response?.status === 403) {
    forget();
    const now = await meForAct();
    if (now) response = await send(link, isOn, now.csrf);
  }
  const said = response ? await response.json().catch(() => ({})) : {};
  if (!response?.ok) {
    show(link, !isOn, before);
    announce(Object.values(said.errors ?? {}).flat()[0] ?? "That did not work. Please try again.");
    return;
  }
  for (const other of row.querySelectorAll('a[data-act="react"]')) {
    const { kind } = other.dataset;
    show(other, said.reactions.includes(kind), said.counts[kind] ?? 0);
  }
  const label = link.querySelector(".visually-hidden").textContent.replace(/:\s*$/, "");
  announce(`${label}: ${isOn ? "given" : "taken back"}. ${countOf(link)} in all.`);
}

function send(link, isOn, csrf) {
  return fetch(link.href, {
    method: "POST",
    // Who leaves at once still gets the cookie by which the reaction is theirs.
    keepalive: true,
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
    body: new URLSearchParams({ kind: link.dataset.kind, state: isOn ? "on" : "off" }),
  }).catch(() => null);
}

function countOf(link) {
  return Number(link.querySelector("data").value);
}

function show(link, isOn, count) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", String(isOn));
  const data = link.querySelector("data");
  data.value = count;
  data.textContent = count;
}
