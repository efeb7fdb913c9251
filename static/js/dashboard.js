// The dashboard's table. Without this file its form has a button, and its links are plain links.
"use strict";

// Only what is not at its default belongs in the address.
document.addEventListener("formdata", (event) => {
  if (event.target.id !== "filter") return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
  if (!event.target.querySelector("[name=columns][type=checkbox]:not(:checked)")) {
    event.formData.delete("columns");
  }
});

// Another week to compare with changes the objectives too: the whole page.
document.addEventListener("change", (event) => {
  if (event.target.id === "against") event.target.form.submit();
});

// On a phone the filter is folded up, unless it filters. A wide window has no summary to unfold it by.
const isPhone = matchMedia("(max-width: 640px)");
function fold() {
  for (const filters of document.querySelectorAll("details.filters")) {
    filters.open = !isPhone.matches || filters.querySelector("summary .chip") !== null;
  }
}
isPhone.addEventListener("change", fold);
document.addEventListener("htmx:historyRestore", fold);
fold();
