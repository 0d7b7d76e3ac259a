// <flow-engine flow="login"></flow-engine>: a login flow inside any page, through the flow API.
//
//   <script type="module" src="https://login.example.com/flow-engine.js"></script>
//   <flow-engine flow="login"></flow-engine>
//
// Attributes: flow (the flow's id), base-url (default: where this script came
// from), locale (default: the page's language), theme ("light", "dark"; default:
// what the person prefers). The property client holds the run's inputs, client.*. Events: "screen" (detail: the answer), "success" (detail:
// the answer with authInfo and output), "refused" (detail: the answer, with message and reference: the flow turned the person away),
// "error" (detail: { errorCode, errorMessage, reference? }). Looks: the CSS variables of the hosted screens.

import { prepareParts } from "./flow-engine/parts.js";

// FlowEngine may have a path of its own on its host: it is where this file is.
const home = new URL(".", import.meta.url).href;
const lifetime = 90_000;

const drawings = {
  done: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  warning: "M12 8v4.5M12 16h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  stop: "M8.6 3.5h6.8l5.1 5.1v6.8l-5.1 5.1H8.6l-5.1-5.1V8.6ZM9.5 9.5l5 5M14.5 9.5l-5 5",
};

// A page whose policy wants trusted types has to allow this one: what it passes was written and escaped by our server.
const policy = attempt(() => globalThis.trustedTypes?.createPolicy("flow-engine", { createHTML: (html) => html }));

/** The starts of this page that have no answer yet, by the name that their key is kept under. */
const starts = new Map();

/** What a function gives; null when the browser refuses it. */
function attempt(use) {
  try {
    return use() ?? null;
  } catch {
    return null;
  }
}

const stored = (use) => attempt(() => use(sessionStorage));

/** 128 random bits; pages that are not secure have no randomUUID. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An element with attributes and children. Texts become text nodes, never markup. */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false && value !== "") made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function drawing(style, name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const attributes = {
    class: style,
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.8",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

class FlowEngineElement extends HTMLElement {
  static observedAttributes = ["flow", "base-url", "locale"];

  #root = this.attachShadow({ mode: "open" });
  #main = element("div", { class: "fe-card", part: "card" });
  #status = element("p", { class: "fe-hidden", role: "status" });
  #texts = {};
  #answer = null;
  #busy = false;
  #attempt = 0;
  #shownBefore = false;

  /** The run's inputs, client.*. */
  client = {};

  connectedCallback() {
    const styles = element("link", { rel: "stylesheet", href: this.#url("/flow-engine/screens.css") });
    // Nothing is seen before its style is there.
    this.#main.style.visibility = "hidden";
    styles.onload = styles.onerror = () => (this.#main.style.visibility = "");
    this.#root.replaceChildren(styles, this.#main, this.#status);
    this.restart();
  }

  disconnectedCallback() {
    this.#attempt++;
    for (const [name, start] of starts) {
      if (start.element === this) starts.delete(name);
    }
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== null && before !== after) this.restart();
  }

  /** Begins the flow again. */
  async restart() {
    const attempt = ++this.#attempt;
    this.#answer = null;
    this.#busy = false;
    // Attributes and properties that are set in the same task belong to the same start.
    await null;
    if (attempt !== this.#attempt || !this.getAttribute("flow")) return;
    await this.#loadTexts();
    await this.#call(
      "/v1/flow/start",
      { flowId: this.getAttribute("flow"), options: { client: this.client, locale: this.#locale } },
      attempt,
      this.#startKey(),
    );
  }

  // A start that got no answer is sent again under the same key, also by the next
  // page of this tab: then it is the same run. One that was answered is over.
  #startKey() {
    let name = `flow-engine:start:${this.#url("/")}:${this.getAttribute("flow")}`;
    // Another element of this page is starting the same flow, for a run of its own.
    while ((starts.get(name)?.element ?? this) !== this) name += "+";
    const key = starts.get(name)?.key ?? stored((storage) => storage.getItem(name)) ?? randomKey();
    starts.set(name, { element: this, key });
    stored((storage) => storage.setItem(name, key));
    return { name, key };
  }

  get #locale() {
    return this.getAttribute("locale") || document.documentElement.lang || navigator.language || "en";
  }

  #url(path) {
    return (this.getAttribute("base-url") || home).replace(/\/+$/, "") + path;
  }

  #text(text) {
    return this.#texts[text] ?? text;
  }

  async #loadTexts() {
    this.#texts = {};
    const language = this.#locale.split("-")[0].toLowerCase();
    if (language === "en") return;
    try {
      const answer = await fetch(this.#url("/flow-engine/texts.json"), { credentials: "omit" });
      this.#texts = (await answer.json())[language] ?? {};
    } catch {
      // English will do.
    }
  }

  async #call(path, body, attempt, start) {
    this.#busy = true;
    this.#status.textContent = this.#text("One moment, please…");
    let answer;
    try {
      const response = await fetch(this.#url(path), {
        method: "POST",
        // The screen as the server draws it comes with the answer.
        headers: {
          "Content-Type": "application/json",
          "FlowEngine-Markup": "1",
          ...(start && { "Idempotency-Key": `"${start.key}"` }),
        },
        body: JSON.stringify(body),
        credentials: "omit",
        signal: AbortSignal.timeout(lifetime),
      });
      // What the server could not answer may have begun, and is sent again under its key.
      if (start && response.status < 500 && response.status !== 429) {
        starts.delete(start.name);
        stored((storage) => storage.removeItem(start.name));
        // The key is of another request, such as that of the page before in another language.
        if (response.status === 422 && attempt === this.#attempt) return await this.#call(path, body, attempt, this.#startKey());
      }
      answer = { ok: response.ok, ...(await response.json()) };
      // While servers are upgraded one after the other, one of before may answer.
      if (answer.screen && !answer.html) answer = null;
    } catch {
      answer = null;
    }
    if (attempt !== this.#attempt) return;

    this.#busy = false;
    this.#status.textContent = "";
    if (answer === null) this.#unreachable();
    else if (!answer.ok) this.#refused(answer);
    else this.#show(answer);
  }

  #show({ html, ...answer }) {
    this.#answer = answer;
    if (answer.status === "waiting" && html) {
      this.#render(this.#form(html));
      this.#announce("screen", answer);
    } else if (answer.status === "completed") {
      this.#render(this.#message("done", answer.authInfo ? "You are signed in" : "All done", answer.message));
      this.#announce("success", answer);
    } else if (answer.status === "refused") {
      this.#render(
        this.#message(
          "stop",
          "You were not signed in",
          answer.message || "The sign-in ended here. You can try again; if it keeps happening, ask the people who run the application.",
          "Try again",
          answer.reference,
        ),
      );
      this.#announce("refused", answer);
    } else {
      this.#ended(answer);
    }
  }

  #ended({ error, reference }) {
    const code = error?.code ?? error?.errorCode ?? "run.failed";
    if (code === "run.expired") this.#expired(reference);
    else if (code === "run.cancelled")
      this.#render(
        this.#message(
          "clock",
          "This sign-in was ended",
          "The people who run it ended it before you were done. You can start again.",
          "Start again",
          reference,
        ),
      );
    else if (code === "screen.submits")
      this.#render(
        this.#message(
          "stop",
          "Too many tries",
          "For your safety this sign-in has ended after too many tries. You can start again.",
          "Start again",
          reference,
        ),
      );
    else
      this.#render(
        this.#message(
          "warning",
          "We could not sign you in",
          "Something went wrong on our side. Nothing has been changed.",
          "Start again",
          reference,
        ),
      );
    if (code !== "run.expired")
      this.#announce("error", { errorCode: code, errorMessage: error?.message ?? error?.errorMessage ?? "", reference });
  }

  #refused(problem) {
    if (this.#answer) this.#expired();
    else if (problem.status >= 500)
      this.#render(
        this.#message(
          "clock",
          "Sign-in is taking a break",
          this.#text("The server cannot be reached. Check your connection and try again."),
          "Try again",
        ),
      );
    else this.#render(this.#message("warning", "There is no such sign-in", "", "Try again"));
    this.#announce("error", {
      errorCode: problem.errorCode ?? String(problem.status ?? ""),
      errorMessage: problem.errorDescription ?? problem.detail ?? problem.title ?? "",
    });
  }

  #expired(reference) {
    this.#render(
      this.#message(
        "clock",
        "This page has expired",
        "For your safety a sign-in is only open for a limited time. Nothing was lost: just start again.",
        "Start again",
        reference,
      ),
    );
  }

  #unreachable() {
    const text = this.#text("The server cannot be reached. Check your connection and try again.");
    const form = this.#main.querySelector("form");
    if (!form || !this.#answer) {
      this.#render(this.#message("clock", "Sign-in is taking a break", text, "Try again"));
    } else {
      this.#setBusy(form, null, false);
      for (const box of form.querySelectorAll(".fe-error")) box.remove();
      const box = this.#errorBox(text);
      (form.querySelector("h1") ?? form.firstElementChild).after(box);
      box.focus();
    }
    this.#announce("error", { errorCode: "network", errorMessage: text });
  }

  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #render(content) {
    content.classList.add("fe-arriving");
    this.#main.replaceChildren(content);
    // The first screen does not take the focus from the page around it.
    if (this.#shownBefore)
      (content.querySelector("[data-fe-focus]") ?? content.querySelector("h1") ?? content.querySelector("input, button"))?.focus({
        preventScroll: true,
      });
    this.#shownBefore = true;
  }

  #message(mark, title, detail, next, reference) {
    const content = element(
      "div",
      { class: "fe-form fe-message" },
      element(
        "span",
        { class: mark === "warning" || mark === "stop" ? "fe-mark fe-mark-warning" : "fe-mark", "aria-hidden": "true" },
        drawing("fe-icon", mark),
      ),
      element("h1", { class: "fe-title", tabindex: "-1" }, this.#text(title)),
      detail ? element("p", { class: "fe-text" }, this.#text(detail)) : null,
    );
    if (next) {
      const button = element("button", { class: "fe-button fe-primary", type: "button" }, element("span", null, this.#text(next)));
      button.addEventListener("click", () => this.restart());
      content.append(button);
    }
    content.append(...this.#reference(reference));
    return content;
  }

  /** What a person can quote, and an operator finds the run by. */
  #reference(reference) {
    return reference ? [element("p", { class: "fe-reference" }, this.#text("Reference: {{code}}").replace("{{code}}", reference))] : [];
  }

  #errorBox(text, reference) {
    return element(
      "div",
      { class: "fe-error", role: "alert", tabindex: "-1", "data-fe-focus": true },
      drawing("fe-icon", "warning"),
      element("div", null, element("p", null, text), ...this.#reference(reference)),
    );
  }

  /** The form as the server draws it for its own pages. */
  #form(html) {
    const template = document.createElement("template");
    template.innerHTML = policy?.createHTML(html) ?? html;
    const form = template.content.querySelector("form");
    // Its addresses are those of the server, not of the page around it.
    for (const name of ["src", "href"])
      for (const item of form.querySelectorAll(`[${name}]:not([href^="#"])`))
        item.setAttribute(name, new URL(item.getAttribute(name), this.#url("/")).href);
    for (const button of form.querySelectorAll("[data-fe-reveal]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.#reveal(button));
    }
    for (const button of form.querySelectorAll("[data-fe-wait]")) this.#countDown(form, button);
    for (const link of form.querySelectorAll('a[href^="#"]'))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.#root.getElementById(link.getAttribute("href").slice(1))?.focus();
      });
    prepareParts(form, this.#url(""));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#busy) this.#submit(form, event.submitter);
    });
    return form;
  }

  /** A button that can be pressed in some seconds says how many. By the time that goes by here, not by this computer's clock. */
  #countDown(form, button) {
    const opens = performance.now() + Number(button.dataset.feWait) * 1000;
    const text = button.querySelector("span");
    const words = text.textContent;
    const doubles = form.querySelectorAll(`.fe-hidden[value="${CSS.escape(button.value)}"]`);
    const tick = () => {
      const left = Math.ceil((opens - performance.now()) / 1000);
      for (const one of [button, ...doubles]) one.disabled = left > 0;
      text.textContent = left > 0 ? `${words} (${left})` : words;
      if (left > 0) setTimeout(tick, 250);
      else button.removeAttribute("data-fe-wait");
    };
    tick();
  }

  #reveal(button) {
    const input = this.#root.getElementById(button.getAttribute("aria-controls"));
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.toggleAttribute("data-shown", shown);
    button.setAttribute("aria-label", shown ? button.dataset.hide : button.dataset.show);
  }

  #submit(form, submitter) {
    const input = {};
    for (const { name, type, checked, value, disabled } of form.elements)
      if (name && !disabled && type !== "submit") input[name] = type === "checkbox" ? checked : value;
    this.#setBusy(form, submitter, true);
    const { executionId, stepId } = this.#answer;
    this.#call(
      "/v1/flow/next",
      { executionId, stepId, interactionId: submitter?.value ?? form.querySelector(".fe-button")?.value, input },
      this.#attempt,
    );
  }

  #setBusy(form, submitter, busy) {
    form.setAttribute("aria-busy", String(busy));
    for (const button of form.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
    const button = submitter?.classList.contains("fe-hidden")
      ? form.querySelector(`.fe-button[value="${CSS.escape(submitter.value)}"]`)
      : (submitter ?? form.querySelector(".fe-button"));
    button?.toggleAttribute("data-busy", busy);
    // What was wrong with the last submission says nothing of this one.
    if (!busy) return;
    for (const box of form.querySelectorAll(".fe-error, .fe-problem")) box.toggleAttribute("data-fe-over", true);
    for (const input of form.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }
}

customElements.define("flow-engine", FlowEngineElement);
