// Keeps an open dashboard true without disturbing whoever works in it.
"use strict";

// Somebody is typing there, or about to do something: the block waits for the next time.
function isBusy(block) {
  const active = document.activeElement;
  const isHere = block.contains(active) && !active.matches(".notice");
  return isHere || block.querySelector(".ask.is-open, .review.is-open") !== null;
}
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const block = document.getElementById("dashboard_attention");
  if (event.detail.target === block && isBusy(block)) event.detail.shouldSwap = false;
});

// What goes on by itself neither hides a notice nor puts one up, which the reader's own actions do;
// and nobody looks at a tab in the background.
for (const name of ["htmx:beforeRequest", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.target.id !== "dashboard_progress") return;
    event.stopPropagation();
    if (document.hidden) event.preventDefault();
  }, true);
}
