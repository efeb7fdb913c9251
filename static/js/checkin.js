// The check-in: on to the next card, keys, and drafts that survive a dead line or session.
// Every form works without this file.
"use strict";

const CARD = ".checkin-card";
const FORM = "form.checkin";
const LIST = "#checkin_cards";
const DRAFT = ".draft-state";
const UNDRAFTED = new Set(["csrfmiddlewaretoken", "revision", "typed_over", "week", "opened", "of", "choice"]);

// --- what was typed in this tab, and a copy here until the server has it ------------------------

const typedIn = new WeakMap(); // form → names of the fields typed in and not yet on the server

const draftOf = (form) => form.querySelector(DRAFT);
const keyOf = (form) => `draft:${form.dataset.user}:${draftOf(form).getAttribute("hx-post")}`;

function storage(work) {
  try {
    return work(window.localStorage);
  } catch {
    return null; // switched off, or full: then the server's copy is the only one
  }
}

function copyHere(form) {
  const data = new FormData(form);
  const values = {};
  for (const name of typedIn.get(form) ?? []) values[name] = data.get(name) ?? "";
  const copy = { values, revision: data.get("typed_over") ?? data.get("revision") };
  storage((store) => store.setItem(keyOf(form), JSON.stringify(copy)));
}

function noteTyped(event) {
  const form = event.target.form;
  const name = event.target.name;
  if (!form?.matches(FORM) || !name || UNDRAFTED.has(name)) return;
  if (!typedIn.has(form)) typedIn.set(form, new Set());
  typedIn.get(form).add(name);
  form.closest(CARD).dataset.typed = "";
  copyHere(form);
}
// Before htmx hears it, which then knows what to send.
document.addEventListener("input", noteTyped, true);
document.addEventListener("change", noteTyped, true);

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches(DRAFT)) return;
  const form = event.target.closest(FORM);
  const typed = typedIn.get(form) ?? new Set();
  if (typed.size === 0 || form.dataset.sending) {
    event.preventDefault();
    return;
  }
  for (const name of [...event.detail.formData.keys()]) {
    if (!typed.has(name) && !["csrfmiddlewaretoken", "revision", "typed_over", "of"].includes(name)) {
      event.detail.formData.delete(name);
    }
  }
  form.draftSent = JSON.stringify([...typed].map((name) => [name, event.detail.formData.get(name)]));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful, xhr } = event.detail;
  if (!elt.matches?.(DRAFT)) return;
  const form = elt.closest(FORM);
  elt.classList.toggle("late", !successful);
  if (!successful) {
    const isRefused = xhr.status === 401 || xhr.status === 403;
    elt.textContent = isRefused ? elt.dataset.signedOut : elt.dataset.notKept;
    elt.dataset.waiting = isRefused ? "token" : "line";
    return;
  }
  delete elt.dataset.waiting;
  const data = new FormData(form);
  const now = [...(typedIn.get(form) ?? [])].map((name) => [name, data.get(name) ?? ""]);
  if (JSON.stringify(now) === form.draftSent) storage((store) => store.removeItem(keyOf(form)));
});

// Nor does a draft on its way take away what app.js said of the save before it.
document.body?.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.(DRAFT)) event.stopPropagation();
});

// app.js says of a request that failed that nothing was saved; of a draft we say it in its place.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body?.addEventListener(name, (event) => {
    const status = event.detail.xhr?.status;
    if (event.target.matches?.(DRAFT) && status !== 401) event.stopPropagation();
  });
}

async function retry() {
  const waiting = [...document.querySelectorAll(`${DRAFT}[data-waiting]`)];
  if (waiting.length === 0 || !navigator.onLine) return;
  try {
    if (waiting.some((draft) => draft.dataset.waiting === "token") && !(await renewTokens())) return;
  } catch {
    return;
  }
  for (const draft of waiting) htmx.trigger(draft, "retry");
}
window.addEventListener("online", retry);
document.addEventListener("visibilitychange", () => document.hidden || retry());
setInterval(retry, 10_000);

function fill(form, copy) {
  form.elements.revision.value = copy.revision;
  for (const [name, value] of Object.entries(copy.values)) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = value; // of radio buttons, this checks the one with the value
    const typed = field instanceof RadioNodeList ? [...field].find((one) => one.checked) : field;
    typed?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// What never reached the server in an earlier tab or session is typed again for its user.
function restore(form) {
  const copy = storage((store) => JSON.parse(store.getItem(keyOf(form))));
  if (copy?.values && Object.keys(copy.values).length > 0) fill(form, copy);
}

// --- saving, and on to the next ----------------------------------------------------------------

// The form that a request saves, or whose draft it discards.
const formOf = (elt) => (elt.matches?.(`${DRAFT} button`) ? elt.form : elt);

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event.detail.elt);
  if (!form.matches?.(FORM)) return;
  form.dataset.sending = "1"; // what was typed is on its way, or given up: no draft after it
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = formOf(requestConfig.elt); // by now the card it stood in may have been replaced
  if (!form.matches?.(FORM)) return;
  delete form.dataset.sending;
  if (xhr.status === 200) storage((store) => store.removeItem(keyOf(form)));
  else if (xhr.status === 401 || xhr.status === 403) draftOf(form).dataset.waiting = "token";
});

// A form that came back with something to mend still holds what was typed into the one before.
function carryOn(before, form) {
  if (!typedIn.has(before)) return;
  typedIn.set(form, typedIn.get(before));
  form.closest(CARD).dataset.typed = "";
  copyHere(form);
  htmx.trigger(draftOf(form), "retry");
}

// The next project's form opens by itself; where none waits any more, the page says so.
const waitingCards = () => [...document.querySelectorAll(`${CARD}[data-waiting]`)];
const isAfter = (card, other) => card.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
const pageAddress = (open) => {
  const address = new URL(document.querySelector(LIST).dataset.page, location.href);
  if (open) address.searchParams.set("open", open);
  return address.pathname + address.search;
};

function moveOn(card) {
  const waiting = waitingCards();
  const next = waiting.find((other) => isAfter(card, other)) ?? waiting[0];
  if (next?.querySelector(FORM)) return goTo(next);
  if (next) return next.querySelector(".opens").click();
  if (!document.querySelector(`${LIST}[data-page]`)) return;
  history.replaceState(history.state, "", pageAddress());
  htmx.ajax("GET", pageAddress(), { source: LIST, target: LIST, swap: "outerHTML" });
}

function goTo(card) {
  (card.querySelector(`${FORM} textarea[name=text]`) ?? card).focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

// Another card opens by a new list: what was typed last in the open one goes to the server first.
document.addEventListener("htmx:confirm", (event) => {
  if (!event.target.matches?.(".opens")) return;
  const form = document.querySelector(`${LIST} ${FORM}`);
  if (!form || !typedIn.get(form)?.size || !storage((store) => store.getItem(keyOf(form)))) return;
  event.preventDefault();
  const go = () => event.detail.issueRequest(true);
  draftOf(form).addEventListener("htmx:afterRequest", go, { once: true });
  htmx.trigger(draftOf(form), "retry");
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { elt, requestConfig } = event.detail;
  if (!elt.matches?.(LIST) || requestConfig?.target !== event.detail.target) return;
  const form = elt.querySelector(FORM);
  if (form) restore(form);
  const open = form?.closest(CARD);
  if (open) goTo(open);
  else elt.querySelector(".finish h2")?.focus();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { elt: card, requestConfig } = event.detail;
  if (!card.matches?.(CARD)) return;
  const isByKey = document.body.dataset.byKey !== undefined;
  delete document.body.dataset.byKey;
  if (card.dataset.saved !== undefined) {
    const wasOpen = requestConfig.elt.closest(CARD)?.querySelector(FORM);
    if (wasOpen || waitingCards().length === 0) moveOn(card);
    else if (isByKey) step(card, 1, true);
  }
  const form = card.querySelector(FORM);
  if (!form) return;
  if (requestConfig.elt.matches(FORM)) carryOn(requestConfig.elt, form);
  else if (requestConfig.verb === "get") restore(form);
});

// An empty date looks like what could stand there, not like what does.
document.addEventListener("change", (event) => {
  const place = event.target.matches("input[type=date]") && event.target.closest(".when");
  if (place) place.classList.toggle("blank", event.target.value === "");
});

// Whoever comes back to a text goes on where it ends.
const toTheEnd = (field) => {
  if (!field?.matches("textarea[autofocus]")) return;
  field.removeAttribute("autofocus");
  field.setSelectionRange(field.value.length, field.value.length);
};
document.addEventListener("focusin", (event) => toTheEnd(event.target));
toTheEnd(document.activeElement);

// What is read and asked meanwhile moves the buttons below it, also while one of them is pressed:
// letting go still sends. Whoever drags away from a button means to take it back.
let pressed = null;
const DRAGGED = 8; // px
document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest?.(`${FORM} button[type=submit]`);
  pressed = button && { button, x: event.clientX, y: event.clientY };
  button?.setPointerCapture(event.pointerId);
});
document.addEventListener("click", (event) => {
  if (!pressed || event.detail === 0 || !pressed.button.contains(event.target)) return;
  const isDragged = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > DRAGGED;
  const isOver = pressed.button.contains(document.elementFromPoint(event.clientX, event.clientY));
  if (isDragged && !isOver) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// --- keys ----------------------------------------------------------------------------------------

const isTextField = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function step(from, way, onlyWaiting = false) {
  const cards = [...document.querySelectorAll(onlyWaiting ? `${CARD}[data-waiting]` : CARD)];
  if (cards.length === 0) return;
  const follows = (card) => from && from.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING;
  const at = cards.indexOf(from);
  let next;
  if (!from) next = cards[0];
  else if (at >= 0) next = cards[Math.min(Math.max(at + way, 0), cards.length - 1)];
  else next = cards.find(follows) ?? cards[0];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const target = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const form = target.closest(FORM);
    if (!form || event.repeat) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTextField(target)) return;
  if (document.body.dataset.singleKeys === "off") return;
  const card = target.closest(CARD) ?? document.querySelector(`${CARD}:target`);
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    event.preventDefault();
    step(card, key === "j" ? 1 : -1);
  } else if (key === "enter" && target === card) {
    event.preventDefault();
    card.querySelector(".opens")?.click();
  } else if (key === "n" && card && !event.repeat && card.dataset.typed === undefined) {
    const confirm = card.querySelector(".confirm");
    if (!confirm) return;
    event.preventDefault();
    document.body.dataset.byKey = "";
    confirm.requestSubmit();
  } else if (key === "z" && card && !event.repeat) {
    card.querySelector(".undo")?.requestSubmit();
  }
});

// --- begin --------------------------------------------------------------------------------------

for (const keys of document.querySelectorAll(".keys")) keys.hidden = false;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
document.body.dataset.keys = isMac ? "mac" : "other";
if (isMac) {
  for (const key of document.querySelectorAll("[data-mac]")) key.textContent = key.dataset.mac;
}
for (const form of document.querySelectorAll(FORM)) restore(form);
// A link from elsewhere names a card: its form opens.
if (/^#checkin_card_\d+$/.test(location.hash)) {
  const named = document.querySelector(location.hash);
  named?.focus();
  if (named?.dataset.waiting !== undefined) named.querySelector(".opens")?.click();
}
