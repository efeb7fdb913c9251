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
// Which kinds are unfolded, so that a new block is as its reader left the old one.
const folds = (block) => [...block.querySelectorAll(".group details")].map((details) => [
  `${details.closest(".group").id} ${details.className}`, details.open]);
const opened = new Map();
function remember(block) {
  for (const [name, isOpen] of folds(block)) opened.set(name, isOpen);
}
function restore() {
  for (const details of document.querySelectorAll("#dashboard_attention .group details")) {
    const isOpen = opened.get(`${details.closest(".group").id} ${details.className}`);
    if (isOpen !== undefined && !details.querySelector(":scope > .confirm")) details.open = isOpen;
  }
  showKeys();
}
let said = null;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const block = document.getElementById("dashboard_attention");
  if (event.detail.target !== block) return;
  if (isBusy(block)) event.detail.shouldSwap = false;
  else {
    said = justSaid(block);
    remember(block);
  }
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id !== "dashboard_attention") return;
  restore();
  const heading = document.querySelector("#dashboard_attention header");
  if (said && heading) {
    heading.after(said);
    said.focus({ preventScroll: true });
  }
  said = null;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "dashboard_attention") remember(event.detail.target);
});
document.addEventListener("htmx:afterSwap", restore);

// What goes on by itself neither hides a notice nor puts one up, which the reader's own actions do;
// and nobody looks at a tab in the background.
for (const name of ["htmx:beforeRequest", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.target.id !== "dashboard_progress") return;
    event.stopPropagation();
    if (document.hidden) event.preventDefault();
  }, true);
}

// J and K go from verb to verb, which Enter then presses; a folded kind is one stop. Everybody can
// switch such keys off for themselves.
const hasKeys = () => document.body.dataset.singleKeys !== "off";
function showKeys() {
  for (const hint of document.querySelectorAll("#dashboard_attention .keys")) hint.hidden = !hasKeys();
}
function stops() {
  const candidates = document.querySelectorAll("#dashboard_attention :is(.item, .group > details > summary, .more > summary)");
  return [...candidates].filter((stop) => stop.checkVisibility()
    && !stop.matches(".group > [open] > summary, .more[open] > summary"));
}
const handle = (stop) => stop.matches("summary") ? stop
  : stop.querySelector(".verb :is(button, a)") ?? stop.querySelector(".result[tabindex], a") ?? stop;
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || !hasKeys()) return;
  if (event.target.matches("input, textarea, select, [contenteditable]")) return;
  const all = stops();
  const here = all.findIndex((stop) => stop.contains(document.activeElement));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!next) return;
  event.preventDefault();
  const target = handle(next);
  if (target === next && !next.matches("summary")) next.tabIndex = -1;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
});
showKeys();
