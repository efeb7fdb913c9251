// What htmx and the browser leave to us. Every page works without this file.
"use strict";

// While an input method composes, a field holds letters on the way to characters: nobody hears of
// them, neither htmx nor drafts nor keys, until the word stands there.
for (const name of ["input", "keydown", "keyup"]) {
  window.addEventListener(name, (event) => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  }, true);
}
window.addEventListener("compositionend", (event) => {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// A request that failed must not look like one that was saved.
const failed = document.getElementById("request-failed");
const again = document.getElementById("signed-in-again");
const refused = {
  401: document.getElementById("signed-out"),
  403: document.getElementById("form-expired"),
  404: document.getElementById("gone"),
  503: document.getElementById("unavailable"),
};
document.addEventListener("htmx:beforeRequest", () => {
  for (const notice of [failed, again, ...Object.values(refused)]) notice.hidden = true;
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const notice = refused[event.detail.xhr?.status] ?? failed;
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    if (notice === refused[403]) takeUpAgain(notice);
  });
}

// The tab was not told of the sign-in in another one, or somebody else has signed in there.
async function takeUpAgain(notice) {
  if (await tryToRenew()) {
    notice.hidden = true;
    again.hidden = false;
  }
}

// What was typed and not sent would go with the page, also where only its language changes: the
// reader is asked first. The forms that keep drafts look after themselves.
// The button of the language need then not send the form along.
document.querySelector("button[name=switch_to]")?.removeAttribute("form");
const unsent = new Set();
const isChanged = (form) => [...form.elements].some(
  (field) => field.matches("input, textarea") && field.value !== field.defaultValue,
);
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post" && !form.matches("form.checkin, form.page-editor")) unsent.add(form);
});
document.addEventListener("submit", (event) => unsent.delete(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!event.detail.successful && form.matches("form")) unsent.add(form);
});
window.addEventListener("beforeunload", (event) => {
  if ([...unsent].some((form) => form.isConnected && isChanged(form))) event.preventDefault();
});

// A draft that is on its way arrives first: after the save, it would wait there as not saved yet.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, issueRequest } = event.detail;
  if (!elt.matches("form, button")) return;
  const draft = elt.closest("form")?.querySelector(":is(.draft-state, .editor-echo).htmx-request");
  if (!draft) return;
  event.preventDefault();
  draft.addEventListener("htmx:afterRequest", () => issueRequest(true), { once: true });
});

// A second click on the button of a form that is on its way would send it once more, and show that
// what the first one made is there already. htmx sees to its own forms.
const AGAIN = 3000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, AGAIN);
});

// A browser that goes back may show the page as it first came, without what was saved since.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb === "post") {
    history.replaceState({ outdated: true }, "");
  }
});
if (history.state?.outdated) {
  history.replaceState(null, "");
  location.reload();
}

// How much the reader owes stands beside the link to their updates. It is asked for by itself, so
// that no page waits for it, and again after something was saved.
const owed = document.querySelector("[data-owed]");
async function showOwed() {
  const response = await fetch(owed.dataset.owed).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const number = await response.text();
  if (!/^\d+$/.test(number)) return;
  owed.firstElementChild.textContent = number;
  owed.hidden = number === "0";
}
if (owed) {
  if (owed.hidden) showOwed();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.requestConfig.verb === "post") showOwed();
  });
}

// A form came back refused: who uses the keyboard stands at the first field that is wrong, unless
// something above is to be read first.
if (document.activeElement === document.body && !document.querySelector("main [role=alert]:not([hidden])")) {
  document.querySelector("main form [aria-invalid=true]")?.focus();
}

// On a phone the navigation is wider than the screen: show where the reader is.
const here = document.querySelector(".bar nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 24;

// Copying needs a script, so its button shows only where there is one.
for (const button of document.querySelectorAll("[data-copy-from]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const response = await fetch(button.dataset.copyFrom);
    failed.hidden = response.ok;
    if (!response.ok) return;
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
