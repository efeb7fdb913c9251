// What htmx and the browser leave to us. Every page works without this file.
"use strict";

// A request that failed must not look like one that was saved.
const failed = () => document.getElementById("request-failed");
document.addEventListener("htmx:beforeRequest", () => { failed().hidden = true; });
for (const event of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(event, () => {
    failed().hidden = false;
    failed().scrollIntoView({ block: "nearest" });
  });
}

// Copying needs a script, so its button shows only where there is one.
for (const button of document.querySelectorAll("[data-copy-from]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const response = await fetch(button.dataset.copyFrom);
    if (!response.ok) { failed().hidden = false; return; }
    await navigator.clipboard.writeText(await response.text());
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// A menu closes when the reader goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
