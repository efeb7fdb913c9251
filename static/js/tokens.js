// Who signs in again, also in another tab, gets a new token. The forms of this page take it up
// before they are sent, so that they are taken at the first press. Without this file, a form with
// the token of before is answered with what was typed, to be sent again.
"use strict";

const SIGN_IN = "sign-in"; // in localStorage: which sign-in the newest page of this browser is of

// Whether the forms have the token of the present session now: never that of somebody else's,
// unless this page has no reader yet (kept.html), who is then named on it.
async function renewTokens() {
  const mine = document.body.dataset;
  const response = await fetch(mine.account, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const { user, name } = page.body.dataset;
  if (!token || !user || (mine.user && mine.user !== user)) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  for (const notice of document.querySelectorAll("[data-while-signed-out]")) notice.hidden = true;
  for (const notice of document.querySelectorAll("[data-signed-in-as]")) {
    notice.textContent = notice.dataset.signedInAs.replace("{name}", name);
    notice.hidden = false;
  }
  return true;
}

const tryToRenew = () => renewTokens().catch(() => false);
window.addEventListener("storage", (event) => {
  if (event.key === SIGN_IN) tryToRenew();
});
if (document.body.dataset.signIn) {
  try {
    if (localStorage.getItem(SIGN_IN) !== document.body.dataset.signIn) {
      localStorage.setItem(SIGN_IN, document.body.dataset.signIn);
    }
  } catch {
    // A browser that keeps nothing: other tabs are told when they send a form.
  }
} else if (document.querySelector("[data-signed-in-as]")) {
  window.addEventListener("focus", tryToRenew); // kept.html
}
