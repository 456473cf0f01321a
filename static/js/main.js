// What reading does not need comes when it is first used, behaviour by behaviour.
const WHEN_PRESENT = [
  ["[data-code-block]", () => import("./code.js")],
  ["[data-embed]", () => import("./embed.js")],
  ["[data-comment-form]", () => import("./comment-form.js")],
  ["[data-more-replies]", () => import("./more-replies.js")],
];
const KNOWN_COOKIE = /(?:^|; )byline_known=1/;

/**
 * Attach every behaviour that the elements under `root` ask for.
 * @param {Document | Element} root
 */
export async function startAll(root) {
  const wanted = WHEN_PRESENT.filter(([selector]) => root.querySelector(selector));
  const modules = await Promise.all(wanted.map(([, load]) => load()));
  for (const module of modules) module.start(root);
}

// The mark of an act has done its work: the address to keep and share is without it.
const here = new URL(location.href);
if (here.searchParams.has("after")) {
  here.searchParams.delete("after");
  history.replaceState(history.state, "", here);
}

startAll(document);
document.addEventListener("byline:load", (event) => startAll(event.detail));

const isKnown = () => KNOWN_COOKIE.test(document.cookie);
const wasKnown = isKnown();

// What is one's own may change until a page that was made ahead is looked at.
function startOwn() {
  if (isKnown()) import("./me.js").then((module) => module.start(document));
}
if (document.prerendering) document.addEventListener("prerenderingchange", startOwn, { once: true });
else startOwn();

// A page that comes back whole was somebody's who has signed out, or in, since then.
addEventListener("pageshow", (event) => {
  if (event.persisted && isKnown() !== wasKnown) location.reload();
});

// The first click on an act is held until its module is there, then done again.
let acts;
function loadActs() {
  acts ??= import("./acts.js").then((module) => module.start(document));
  return acts;
}

let hasActs = false;
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-act]");
  if (!link || hasActs || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  loadActs().then(
    () => {
      hasActs = true;
      link.click();
    },
    () => location.assign(link.href),
  );
}, { capture: true });
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.closest?.("a[data-act]")) loadActs().then(() => { hasActs = true; }, () => {});
  });
}
