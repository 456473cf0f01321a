/**
 * Say something to people who use a screen reader.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  // The same words twice are only read twice when the region was empty in between.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
