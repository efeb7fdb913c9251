// Handing in old pages: drop files and folders, keep the folders' names, show how much is sent.
// The form works without this file.
"use strict";

const form = document.getElementById("import_new");
const drop = form.querySelector(".drop");
const files = form.elements.files;
const folder = form.elements.folder;
const MOST_BYTES = Number(form.dataset.mostBytes);
const MOST_FILES = Number(form.dataset.mostFiles);
const pathOf = new Map(); // of dropped files, which come back as other objects
const keyOf = (file) => [file.name, file.size, file.lastModified].join("/");

// 640 bytes are 1 KB: nobody needs to know less.
const sizeOf = (bytes) => bytes < 2 ** 20
  ? `${Math.max(1, Math.round(bytes / 2 ** 10))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;

const chosen = () => [...files.files, ...folder.files];

function describe() {
  const all = chosen();
  const size = all.reduce((sum, file) => sum + file.size, 0);
  const names = all.slice(0, 3).map((file) => file.name).join(", ");
  document.getElementById("chosen").textContent = all.length
    ? form.dataset.chosen.replace("{n}", all.length).replace("{size}", sizeOf(size))
      .replace("{names}", `${names}${all.length > 3 ? " …" : ""}`) : "";
  const tooMuch = size > MOST_BYTES || all.length > MOST_FILES;
  document.getElementById("too_much").hidden = !tooMuch;
  form.querySelector("button.primary").disabled = tooMuch;
  form.elements.paths.value = all
    .map((file) => pathOf.get(keyOf(file)) || file.webkitRelativePath || file.name).join("\n");
}
files.addEventListener("change", describe);
folder.addEventListener("change", describe);

// --- pasting ------------------------------------------------------------------------------------

// A document's clipboard has its tables and lists as HTML; the field shows only its words.
const pasted = form.elements.pasted;
pasted.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  if (html && !pasted.value.trim()) setTimeout(() => { form.elements.pasted_html.value = html; });
});
pasted.addEventListener("input", (event) => {
  if (event.inputType !== "insertFromPaste") form.elements.pasted_html.value = "";
});

// --- dropping -----------------------------------------------------------------------------------

async function filesBelow(entry, into) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    pathOf.set(keyOf(file), entry.fullPath.replace(/^\//, ""));
    into.push(file);
    return;
  }
  const reader = entry.createReader();
  for (;;) { // a reader gives a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const inner of some) await filesBelow(inner, into);
  }
}

for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
}
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
});
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("is-over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const dropped = [];
  for (const entry of entries) await filesBelow(entry, dropped);
  const all = new DataTransfer();
  for (const file of [...files.files, ...dropped]) all.items.add(file);
  files.files = all.files;
  describe();
});
