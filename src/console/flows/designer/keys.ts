import { useEffect } from 'react';
import type { CanvasHandle } from '../../canvas/FlowCanvas';
import { startOf } from '../../graph/flow';
import { closedATooltip, toast } from '../../ui';
import { chordOf, commandOfKey, type Here } from './commands';
import { copySelected, pasteText, removeSelected, type DesignerStore } from './store';

const regions = ['palette', 'canvas', 'side', 'problems'];

/** The keys of the designer, as its commands say them. */
export function useKeys(here: Here): void {
  useEffect(() => {
    const { store } = here;
    const onKeyDown = (event: KeyboardEvent) => {
      const state = store.getState();
      const target = event.target as HTMLElement;
      if ((event.defaultPrevented && !closedATooltip(event)) || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const chord = chordOf(event);
      const one = commandOfKey(chord);
      if (!one?.run) return;
      const done = () => {
        event.preventDefault();
        event.stopPropagation();
      };
      const isTyping = target.matches(
        'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], [contenteditable="true"] *',
      );
      if (isTyping && one.where !== 'anywhere') {
        // In a code editor, Escape lets the next Tab leave it.
        if (event.key === 'Escape' && target.closest('[data-region="side"]') && !target.closest('.cm-editor')) {
          const [chosen] = state.selection;
          if (chosen) here.canvas?.focus(chosen);
          done();
        }
        return;
      }
      if ((one.where === 'flow' || one.where === 'canvas') && state.area !== 'flow') return;
      // A click on a connection or the ground leaves the focus with what holds the canvas.
      const onCanvas = target.closest('[data-region="canvas"]') !== null || target.querySelector('[data-region="canvas"]') !== null;
      if (one.where === 'canvas' && (!onCanvas || target.closest('button, a, .canvas-controls, .canvas-map'))) return;
      const node = target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
      const at = { ...here, canvas: here.canvas, node, onCanvas };
      if (one.edits && state.readOnly) return;
      if (one.run(at, chord) !== false) done();
    };

    // The browser's own clipboard events: no permission is asked for, and activities go from flow to flow as text.
    const isElsewhere = (event: ClipboardEvent) => {
      const target = event.target as HTMLElement;
      return (
        store.getState().area !== 'flow' ||
        target.matches?.('input, textarea, [contenteditable="true"], [contenteditable="true"] *') ||
        document.querySelector('[role="dialog"]') !== null ||
        (window.getSelection()?.toString() ?? '') !== ''
      );
    };
    const onCopy = (event: ClipboardEvent) => {
      if (isElsewhere(event)) return;
      const copy = copySelected(store);
      if (!copy) return;
      event.clipboardData?.setData('text/plain', copy);
      event.preventDefault();
      store.getState().announce('Copied');
      if (event.type === 'cut' && !store.getState().readOnly) removeSelected(store);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isElsewhere(event) || store.getState().readOnly) return;
      const clipboard = event.clipboardData?.getData('text/plain') ?? '';
      if (!clipboard) return;
      event.preventDefault();
      if (pasteText(store, clipboard)) {
        const [first] = store.getState().selection;
        if (first) here.canvas?.focus(first);
      } else toast('There are no activities on the clipboard.', 'danger');
    };

    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [here]);
}

/** Moves the focus to the next part of the page, or with -1 to the one before. */
export function focusPart(store: DesignerStore, canvas: CanvasHandle | null, by: number): void {
  const parts = regions
    .flatMap((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? [])
    .filter((part) => part.offsetParent !== null);
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts[(at + by + parts.length) % parts.length];
  if (next?.dataset['region'] === 'canvas') canvas?.focus([...store.getState().selection][0] ?? startOf(store.getState().flow));
  else next?.querySelector<HTMLElement>('input, button, select, textarea, [tabindex="0"]')?.focus();
}
