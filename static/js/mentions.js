// Names behind an @ in a comment: a list to choose from. Without this file they are typed in full.
"use strict";

const MOST_OFFERED = 6;
// What stands between the last @ and the cursor; not within a mail address.
const BEGUN = /(?<![A-Za-z0-9._%+-])[@＠]([^@＠\n]{0,40})$/;

const listOf = (field) => field.closest?.(".naming")?.querySelector(".names") ?? null;
const offered = (list) => [...list.children].filter((option) => !option.hidden);

function mark(field, list, chosen) {
  for (const option of list.children) option.setAttribute("aria-selected", String(option === chosen));
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
}
function close(field, list) {
  list.hidden = true;
  mark(field, list, null);
}
function offer(field, list) {
  const begun = BEGUN.exec(field.value.slice(0, field.selectionStart));
  let room = begun ? MOST_OFFERED : 0;
  for (const option of list.children) {
    const fits = room > 0 && option.dataset.keys.split("|").some((key) => key.startsWith(begun[1].toLowerCase()));
    option.hidden = !fits;
    if (fits) room -= 1;
  }
  const [first, ...others] = offered(list);
  // A name that stands there whole needs no list, which would lie over the button below.
  if (!first || (!others.length && first.textContent === begun[1])) {
    close(field, list);
    return;
  }
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  list.hidden = false;
  mark(field, list, first);
}
function take(field, list, option) {
  const end = field.selectionStart;
  const [, typed] = BEGUN.exec(field.value.slice(0, end));
  field.setRangeText(`${option.textContent} `, end - typed.length, end, "end");
  close(field, list);
}

document.addEventListener("input", (event) => {
  const list = listOf(event.target);
  if (list) offer(event.target, list);
});
// Before other keys of the page hear of it: Enter and Escape are the list's while it is open.
document.addEventListener("keydown", (event) => {
  const list = listOf(event.target);
  if (!list || list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const options = offered(list);
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(event.target, list, options[(here + step + options.length) % options.length]);
  else if (event.key === "Enter" || event.key === "Tab") take(event.target, list, options[here]);
  else if (event.key === "Escape") close(event.target, list);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
// With the mouse the cursor stays in the text.
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".names > [role=option]");
  if (!option) return;
  event.preventDefault();
  const list = option.parentElement;
  take(list.parentElement.querySelector("textarea"), list, option);
});
document.addEventListener("focusout", (event) => {
  const list = listOf(event.target);
  if (list) close(event.target, list);
});
