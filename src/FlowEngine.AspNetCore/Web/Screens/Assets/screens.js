// Makes the hosted screens smoother: forms are sent without loading the page anew, a form is sent only once, passwords can be shown.
// The pages work the same without it.

import { prepareParts } from "./parts.js";

const screen = document.querySelector("[data-fe-screen]");
const status = document.querySelector("[data-fe-status]");
const patience = 90_000;

prepare();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-fe-form]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fe-reveal]");
  if (button) reveal(button);
});

// A page that comes back from the browser's memory may show a step that is over.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

async function send(form, submitter) {
  const entries = new URLSearchParams(new FormData(form, submitter));
  setBusy(form, submitter, true);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: entries,
      headers: { "FlowEngine-Inline": "1" },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    const page = await answer.json();
    if (page.location) go(page.location);
    else show(page);
  } catch {
    setBusy(form, submitter, false);
    warn(form);
  }
}

function go(address) {
  // Our own page again, without a second entry in the history; another's with one.
  if (new URL(address, location.href).href === location.href) location.reload();
  else location.assign(address);
}

function show(page) {
  screen.innerHTML = page.html;
  document.title = page.title;
  status.textContent = "";
  screen.firstElementChild?.classList.add("fe-arriving");
  prepare();
  // After an error where it is; after a step the title, which tells where one has arrived.
  const target = screen.querySelector("[data-fe-focus]") ?? screen.querySelector("h1") ?? screen.querySelector("input, button");
  target?.focus({ preventScroll: true });
  (screen.querySelector(".fe-error") ?? document.documentElement).scrollIntoView({ block: "nearest" });
  if (!screen.querySelector(".fe-error, [aria-invalid]")) window.scrollTo(0, 0);
}

function prepare() {
  for (const button of screen.querySelectorAll("[data-fe-reveal]")) button.hidden = false;
  for (const button of screen.querySelectorAll("[data-fe-wait]")) countDown(button);
  for (const form of screen.querySelectorAll("[data-fe-form]")) prepareParts(form, new URL("..", import.meta.url).href.replace(/\/$/, ""));
}

/** A button that can be pressed in some seconds says how many. By the time that goes by here, not by this computer's clock. */
function countDown(button) {
  const opens = performance.now() + Number(button.dataset.feWait) * 1000;
  const text = button.querySelector("span");
  const words = text.textContent;
  const doubles = button.form.querySelectorAll(`.fe-hidden[value="${CSS.escape(button.value)}"]`);
  const tick = () => {
    if (!button.isConnected) return;
    const left = Math.ceil((opens - performance.now()) / 1000);
    for (const one of [button, ...doubles]) one.disabled = left > 0;
    text.textContent = left > 0 ? `${words} (${left})` : words;
    if (left > 0) setTimeout(tick, 250);
    else button.removeAttribute("data-fe-wait");
  };
  tick();
}

function reveal(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.toggleAttribute("data-shown", shown);
  button.setAttribute("aria-label", shown ? button.dataset.hide : button.dataset.show);
}

function setBusy(form, submitter, busy) {
  form.setAttribute("aria-busy", String(busy));
  // A hidden default button stands for the first one that can be seen.
  const button = submitter?.classList.contains("fe-hidden")
    ? form.querySelector(`.fe-button[value="${CSS.escape(submitter.value)}"]`)
    : (submitter ?? form.querySelector(".fe-button"));
  button?.toggleAttribute("data-busy", busy);
  if (busy) forget(form);
  status.textContent = busy ? status.dataset.wait : "";
}

/** What was wrong with the last submission says nothing of this one. It keeps its place, so that nothing moves under the pointer. */
function forget(form) {
  for (const box of form.querySelectorAll(".fe-error, .fe-problem")) box.toggleAttribute("data-fe-over", true);
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

function warn(form) {
  for (const box of form.querySelectorAll("[data-fe-over]")) box.remove();
  const box = document.createElement("div");
  box.className = "fe-error";
  box.setAttribute("role", "alert");
  box.dataset.feWarning = "";
  box.tabIndex = -1;
  const text = document.createElement("p");
  text.textContent = status.dataset.unreachable;
  box.append(text);
  (form.querySelector("h1") ?? form.firstElementChild).after(box);
  box.focus();
}
