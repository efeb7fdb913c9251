// Keeps an open dashboard true without disturbing whoever works in it.
"use strict";

// Somebody is typing there, or about to do something: the block waits for the next time.
function isBusy(block) {
  const active = document.activeElement;
  const isHere = block.contains(active) && !active.matches(".notice");
  return isHere || block.querySelector(".ask.is-open, .review.is-open") !== null;
}
// What was just said to the reader goes along into the new block, until they move on. Right after
// their click nothing has the focus yet: the button is gone, and htmx puts the cursor a moment later.
function justSaid(block) {
  const active = document.activeElement;
  const notice = block.querySelector(".notice");
  return active === document.body || active === notice ? notice : null;
}
let said = null;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const block = document.getElementById("dashboard_attention");
  if (event.detail.target !== block) return;
  if (isBusy(block)) event.detail.shouldSwap = false;
  else said = justSaid(block);
});
document.addEventListener("htmx:oobAfterSwap", () => {
  const heading = document.querySelector("#dashboard_attention h2");
  if (said && heading) {
    heading.after(said);
    said.focus({ preventScroll: true });
  }
  said = null;
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
