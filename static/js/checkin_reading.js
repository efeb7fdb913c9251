// The offers below a check-in's text. Without this file they are taken over by a form that is sent.
"use strict";

// Taking one over with the mouse leaves the cursor where it is, in the middle of a sentence.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".checkin-reading button")) event.preventDefault();
});

// Reading goes on behind the typing: it neither shows nor hides the notices of what was sent.
for (const name of ["htmx:beforeRequest", "htmx:afterRequest", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.target.classList?.contains("checkin-reading")) event.stopPropagation();
  }, { capture: true });
}

// The button that was pressed is gone with its offer. With the keyboard, go on at the next one, or
// in the text; a reason that is wanted now has taken the cursor already.
let pressedIn = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.detail.target;
  if (!box.classList.contains("checkin-reading")) return;
  pressedIn = box.contains(document.activeElement) ? box : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const box = event.target;
  const taken = box.querySelector?.(":scope > [data-taken]");
  if (!taken || !box.classList.contains("checkin-reading")) return;
  const form = box.closest("form");
  if (box === pressedIn && !form.contains(document.activeElement)) {
    (box.querySelector("button") ?? form.elements.text).focus();
  }
  pressedIn = null;
  // What was filled in counts as typed, for the draft; it has been read already.
  for (const name of taken.dataset.taken.split(" ")) {
    form.elements[name]?.dispatchEvent(new Event("change"));
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  taken.removeAttribute("data-taken");
});

// Of a form that is saved with keys, htmx takes the button pressed or focused last for the one that
// sends it, and its address for the form's. An offer's button sends by itself: never the form.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.target;
  if (!form.matches("form.checkin") || event.detail.elt !== form) return;
  event.detail.path = form.getAttribute("hx-post");
  event.detail.formData.delete("take");
});
