// Runs before the first paint: a chosen theme must not flash. The choice lives in the
// readable cookie byline_theme (light or dark); none means what the system says.
(() => {
  const root = document.documentElement;
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => document.cookie.match(/(?:^|; )byline_theme=(light|dark)/)?.[1];
  const system = () => (systemIsDark.matches ? "dark" : "light");

  function remember(theme) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    const age = theme ? 365 * 24 * 60 * 60 : 0;
    document.cookie =
      `byline_theme=${theme ?? ""}; path=/; max-age=${age}; samesite=lax${secure}`;
  }

  function show() {
    const theme = chosen();
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.dataset.scheme ??= meta.media.includes("dark") ? "dark" : "light";
      const own = `(prefers-color-scheme: ${meta.dataset.scheme})`;
      if (theme) meta.media = meta.dataset.scheme === theme ? "all" : "not all";
      else meta.media = own;
    }
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.setAttribute("aria-pressed", String((theme ?? system()) === "dark"));
    }
  }

  root.dataset.script = "";
  show();
  document.addEventListener("DOMContentLoaded", show);
  systemIsDark.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    const wanted = (chosen() ?? system()) === "dark" ? "light" : "dark";
    remember(wanted === system() ? undefined : wanted);
    show();
  });
})();
