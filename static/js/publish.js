// A correction's note outlives an ended session: signing in leads back to this form, and here what
// was typed is put back. It belongs to this tab, the reader, and the edition that is corrected.
// The form works without this file.
"use strict";

const form = document.querySelector("form.publish[data-user]");
const note = form?.elements.note;

function storage(work) {
  try {
    return work(window.sessionStorage);
  } catch {
    return null; // switched off, or full: then signing in loses the note
  }
}

if (note) {
  const key = `note:${form.dataset.user}:${location.pathname}:${form.elements.expected.value}`;
  if (!note.value) note.value = storage((store) => store.getItem(key)) ?? "";
  note.addEventListener("input", () => storage((store) => store.setItem(key, note.value)));
}
