// Editors in their place on the live page: drafts, keys, and the cursor where it was.
// Every form works without this file.
"use strict";

const EDITOR = "form.page-editor";
const PAUSE = 700; // ms without a key before a draft is kept

document.documentElement.classList.add("with-script");

const textOf = (form) => form.querySelector("textarea[name=text]");
const echoOf = (form) => form.querySelector(".editor-echo");
const wordsOf = (form) => JSON.stringify([form.elements.heading?.value, textOf(form).value]);
const waiting = new WeakMap(); // form → timer of the draft that waits
const keptWords = new WeakMap(); // form → the words that the server has

function begin(form) {
  if (keptWords.has(form)) return;
  keptWords.set(form, wordsOf(form));
  for (const keys of form.querySelectorAll(".keys")) keys.hidden = false;
}

// --- drafts -------------------------------------------------------------------------------------

function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (form.dataset.sending || wordsOf(form) === keptWords.get(form)) return Promise.resolve(true);
  const words = wordsOf(form);
  return new Promise((resolve) => {
    const echo = echoOf(form);
    echo.addEventListener("htmx:afterRequest", (event) => {
      const { successful, xhr } = event.detail;
      if (successful) keptWords.set(form, words);
      else sayNotKept(form, xhr.status);
      resolve(successful);
    }, { once: true });
    htmx.trigger(echo, "keep-draft");
  });
}

function sayNotKept(form, status) {
  const state = echoOf(form).querySelector(".draft-state");
  state.classList.add("late");
  state.textContent = status === 401 || status === 403 ? form.dataset.signedOut : form.dataset.notKept;
  form.dataset.waiting = status === 401 || status === 403 ? "token" : "line";
}

// app.js says of a request that failed that nothing was saved; of a draft we say it in its place.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, (event) => {
    if (event.target.matches?.(".editor-echo") && event.detail.xhr?.status !== 401) event.stopPropagation();
  });
}

async function retry() {
  for (const form of document.querySelectorAll(`${EDITOR}[data-waiting]`)) {
    try {
      if (form.dataset.waiting === "token" && !(await renewTokens())) continue;
    } catch {
      continue;
    }
    if (await keep(form)) delete form.dataset.waiting;
  }
}
window.addEventListener("online", retry);
document.addEventListener("visibilitychange", () => document.hidden || retry());
setInterval(retry, 10_000);

document.addEventListener("input", (event) => {
  const form = event.target.closest?.(EDITOR);
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
});
document.addEventListener("focusin", (event) => {
  const form = event.target.closest?.(EDITOR);
  if (form) begin(form);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const form of document.querySelectorAll(EDITOR)) if (keptWords.has(form)) keep(form);
});
window.addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll(EDITOR)].filter((form) => keptWords.has(form));
  if (forms.some((form) => !form.dataset.sending && wordsOf(form) !== keptWords.get(form))) event.preventDefault();
});

// What is sent needs no draft any more.
document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt.matches?.(EDITOR) ? event.detail.elt : null;
  if (!form) return;
  form.dataset.sending = "1";
  clearTimeout(waiting.get(form));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches?.(EDITOR)) return;
  delete form.dataset.sending;
  if ([401, 403].includes(event.detail.xhr.status)) sayNotKept(form, event.detail.xhr.status);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches?.(EDITOR)) event.target.dataset.sending = "1";
});

// --- closing ------------------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.(`${EDITOR} .editor-close`);
  if (!link || link.dataset.kept) return;
  const form = link.closest(EDITOR);
  if (!keptWords.has(form) || wordsOf(form) === keptWords.get(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await keep(form))) return; // the page says what is wrong, and the words stay
  link.dataset.kept = "1";
  link.click();
}, true);

// --- keys ---------------------------------------------------------------------------------------

function moveLine(field, way) {
  const lines = field.value.split("\n");
  const at = field.value.slice(0, field.selectionStart).split("\n").length - 1;
  const to = at + way;
  if (to < 0 || to >= lines.length) return;
  const column = field.selectionStart - lines.slice(0, at).join("\n").length - (at ? 1 : 0);
  [lines[at], lines[to]] = [lines[to], lines[at]];
  field.value = lines.join("\n");
  const caret = lines.slice(0, to).join("\n").length + (to ? 1 : 0) + column;
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(EDITOR);
  if (!form || event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    form.querySelector(".editor-close").click();
  } else if (event.altKey && event.target.matches("[data-lines]") && /^Arrow(Up|Down)$/.test(event.key)) {
    event.preventDefault();
    moveLine(event.target, event.key === "ArrowUp" ? -1 : 1);
  }
});

// Whoever comes back to a text goes on where it ends.
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.elt.matches?.(EDITOR) ? event.detail.elt : event.detail.elt.querySelector?.(EDITOR);
  if (!form) return;
  begin(form);
  const field = textOf(form);
  if (document.activeElement === field) field.setSelectionRange(field.value.length, field.value.length);
});
for (const form of document.querySelectorAll(EDITOR)) begin(form);
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll(".page-editor [data-mac]")) key.textContent = key.dataset.mac;
}
