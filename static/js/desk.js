// The author's desk. The form works without any of it.
import { start as startCopying } from "./desk-copy.js";
import { start as startKeeping } from "./desk-keep.js";
import { start as startPreview } from "./desk-preview.js";
import { start as startSides } from "./desk-sides.js";
import { start as startTags } from "./desk-tags.js";
import { start as startTitle } from "./desk-title.js";
import { start as startUploads } from "./desk-upload.js";

const form = document.querySelector("form[data-desk]");
if (form) {
  const parts = [startTitle, startPreview, startUploads, startTags, startSides, startCopying, startKeeping];
  for (const start of parts) start(form);
}
