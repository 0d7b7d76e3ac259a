// What the hosted screens and the web component have in common: parts that appear by what is entered, and the strength of new passwords.

/** Prepares a form. The server decides again, whatever is decided here. */
export function prepareParts(form, server) {
  const parts = [...form.querySelectorAll("[data-fe-if]")].map((part) => ({ part, rule: JSON.parse(part.dataset.feIf) }));
  if (parts.length > 0) {
    const decide = () => {
      // In their order: what stands in a hidden one counts as nothing.
      for (const { part, rule } of parts)
        show(
          part,
          holds(rule, (name) => valueOf(form, name)),
        );
    };
    form.addEventListener("input", decide);
    form.addEventListener("change", decide);
    decide();
  }
  for (const meter of form.querySelectorAll("[data-fe-strength]")) measure(form, meter, server);
}

function show(part, isShown) {
  part.hidden = !isShown;
  const controls = part.matches("input, select") ? [part] : part.querySelectorAll("input, select");
  // What is not shown is not sent.
  for (const control of controls) control.disabled = control.closest("[hidden]") !== null;
}

function valueOf(form, name) {
  const control = form.elements.namedItem(name);
  if (!control || control.closest("[hidden]")) return undefined;
  if (control.type === "checkbox") return control.checked;
  return ["email", "tel"].includes(control.type) ? control.value.trim() : control.value;
}

const textOf = (value) => (value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
const isScalar = (value) => value !== undefined && value !== null && typeof value !== "object";
const same = (left, right) => textOf(left) === textOf(right);
const texts = (left, right, test) => typeof left === "string" && isScalar(right) && test(left, String(right));

function listed(left, right) {
  if (Array.isArray(right)) return right.some((item) => same(left, item));
  if (typeof right !== "string") return undefined;
  return (right.trim() ? right.split(",") : []).some((item) => textOf(left) === item.trim());
}

const operators = {
  equal: same,
  "not-equal": (left, right) => !same(left, right),
  contains: (left, right) => texts(left, right, (text, part) => text.includes(part)),
  "doesnt-contains": (left, right) => texts(left, right, (text, part) => !text.includes(part)),
  "starts-with": (left, right) => texts(left, right, (text, part) => text.startsWith(part)),
  "ends-with": (left, right) => texts(left, right, (text, part) => text.endsWith(part)),
  in: (left, right) => listed(left, right) === true,
  "not-in": (left, right) => listed(left, right) === false,
  empty: (left) => textOf(left) === "",
  "not-empty": (left) => textOf(left) !== "",
  "is-true": (left) => textOf(left) === "true",
  "is-false": (left) => textOf(left) === "false",
};

/** Whether a rule holds. One that is not understood does not. */
export function holds(rule, valueOfName) {
  if (Array.isArray(rule.rules)) return rule.rules[rule.match === "any" ? "some" : "every"]((one) => holds(one, valueOfName));
  const operator = Object.hasOwn(operators, rule.operator) ? operators[rule.operator] : undefined;
  return operator !== undefined && operator(valueOfName(rule.key.slice("form.".length)), rule.value);
}

/** Tells how hard a new password is to guess, a moment after the last key. */
function measure(form, meter, server) {
  const input = form.querySelector(`[id="${CSS.escape(meter.dataset.feStrength)}"]`);
  const words = meter.querySelector("[role=status]");
  const length = words.textContent;
  let timer;
  let asked = 0;
  const tell = (score, text) => {
    meter.dataset.score = score;
    words.textContent = text;
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const turn = ++asked;
    if ([...input.value].length < Number(meter.dataset.least)) return tell(input.value ? 1 : 0, length);
    timer = setTimeout(async () => {
      const near = [...form.elements]
        .filter((one) => one.name && ["text", "email"].includes(one.type) && one !== input)
        .map((one) => one.value);
      try {
        const answer = await fetch(`${server}/flow-engine/strength`, {
          method: "POST",
          // A simple request: it asks for no permission beforehand.
          headers: { "Content-Type": "text/plain" },
          body: [input.value, ...near].join("\n"),
          credentials: "omit",
        });
        if (!answer.ok || turn !== asked) return;
        const { score } = await answer.json();
        const { weak, good, strong } = meter.dataset;
        tell(Math.max(score, 1), score >= 4 ? strong : score >= 3 ? good : weak);
      } catch {
        // The server tells when the form is sent.
      }
    }, 300);
  });
}
