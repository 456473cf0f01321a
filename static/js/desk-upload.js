import { ask, say } from "./desk-request.js";

let number = 0;

/** Drop, paste or pick pictures: they are kept, and shown where the text asks for them. */
export function start(form) {
  const editor = form.querySelector("[data-editor]");
  const textarea = form.elements.body;
  const pick = editor.querySelector("[data-pick]");

  function write(text) {
    textarea.focus();
    // The only way to write that Ctrl+Z takes back; where it is missing, write anyway.
    if (document.execCommand("insertText", false, text)) return;
    textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function exchange(placeholder, text) {
    const at = textarea.value.indexOf(placeholder);
    if (at < 0) return false;
    textarea.setRangeText(text, at, at + placeholder.length, "preserve");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    if (text) textarea.setSelectionRange(at + 2, at + 2);
    return true;
  }

  async function send(file) {
    const placeholder = `![Uploading ${++number} …]()`;
    write(placeholder);
    say(editor, `Uploading ${file.name} …`);
    const data = new FormData();
    data.set("image", file);
    const { answer, refusal } = await ask(textarea.dataset.markdownxUploadUrlsPath, data, form);
    if (refusal) {
      exchange(placeholder, "");
      return say(editor, `${file.name}: ${refusal}`, "error");
    }
    if (!exchange(placeholder, answer.markdown)) write(answer.markdown);
    say(editor, "The picture is in the text. Say between the brackets what it shows.");
  }

  async function sendAll(files) {
    for (const file of files) await send(file);
  }

  const hasFiles = (transfer) => Boolean(transfer?.types.includes("Files"));

  textarea.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    // A word processor sends a picture of the words beside the words.
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    sendAll(files);
  });
  for (const kind of ["dragenter", "dragover"]) {
    editor.addEventListener(kind, (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      editor.dataset.dropping = "";
    });
  }
  editor.addEventListener("dragleave", (event) => {
    if (!editor.contains(event.relatedTarget)) delete editor.dataset.dropping;
  });
  editor.addEventListener("drop", (event) => {
    delete editor.dataset.dropping;
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
  pick.hidden = false;
  pick.querySelector("input").addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    await sendAll(files);
  });
}
