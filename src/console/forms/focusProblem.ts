/** Leads somebody to the first thing that is wrong in a form, wherever it stands: below the fold, or in a part that was folded. */
export function focusProblem(form: Element | null): void {
  const problem = form?.querySelector<HTMLElement>('[aria-invalid="true"], .field-problem:not([data-severity="warning"])');
  if (!problem) return;
  const field = problem.closest('.field, .settings-unused, .settings-optional, .settings-object') ?? problem;
  const input = problem.matches('[aria-invalid="true"]')
    ? problem
    : field.querySelector<HTMLElement>('input, select, textarea, button, [contenteditable="true"]');
  input?.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
}
