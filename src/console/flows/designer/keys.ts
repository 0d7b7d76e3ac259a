import { useEffect, type RefObject } from 'react';
import type { CanvasHandle } from '../../canvas/FlowCanvas';
import { activityIds, startOf } from '../../graph/flow';
import { placesOf } from '../../graph/layout';
import { neighbour, readingOrder, type Direction } from '../../graph/navigate';
import { closedATooltip, toast } from '../../ui';
import { copySelected, duplicateSelected, nudge, pasteText, removeSelected, type DesignerStore } from './store';

const arrows: Record<string, [Direction, number, number]> = {
  ArrowLeft: ['left', -1, 0],
  ArrowRight: ['right', 1, 0],
  ArrowUp: ['up', 0, -1],
  ArrowDown: ['down', 0, 1],
};
const regions = ['palette', 'canvas', 'side', 'problems'];

/** The keys of the designer. Those without Ctrl work on the canvas alone, so that nobody's typing is taken away. */
export function useKeys(store: DesignerStore, canvas: RefObject<CanvasHandle | null>, save: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const state = store.getState();
      const target = event.target as HTMLElement;
      if ((event.defaultPrevented && !closedATooltip(event)) || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const isTyping = target.matches(
        'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], [contenteditable="true"] *',
      );
      const withControl = event.ctrlKey || event.metaKey;
      const done = () => {
        event.preventDefault();
        event.stopPropagation();
      };

      if (withControl && !event.altKey) {
        switch (event.key.toLowerCase()) {
          case 's':
            save();
            return done();
          case 'k':
            state.set({ dialog: 'commands' });
            return done();
        }
        if (isTyping || (state.readOnly && !'ac'.includes(event.key.toLowerCase()))) return;
        switch (event.key.toLowerCase()) {
          case 'z':
            (event.shiftKey ? state.redo : state.undo)();
            return done();
          case 'y':
            state.redo();
            return done();
        }
        if (state.area !== 'flow') return;
        switch (event.key.toLowerCase()) {
          case 'd':
            duplicateSelected(store);
            return done();
          case 'a':
            state.select(activityIds(state.flow));
            state.announce('Everything chosen');
            return done();
        }
        return;
      }

      if (event.key === 'F6') {
        cycle(event.shiftKey ? -1 : 1);
        return done();
      }
      if (isTyping) {
        // In a code editor, Escape lets the next Tab leave it.
        if (event.key === 'Escape' && target.closest('[data-region="side"]') && !target.closest('.cm-editor')) {
          const [chosen] = state.selection;
          if (chosen) canvas.current?.focus(chosen);
          return done();
        }
        return;
      }
      if (event.key === '?') {
        state.set({ dialog: 'shortcuts' });
        return done();
      }
      if (state.area !== 'flow') return;

      const node = target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
      // A click on a connection or the ground leaves the focus with what holds the canvas.
      const onCanvas = target.closest('[data-region="canvas"]') !== null || target.querySelector('[data-region="canvas"]') !== null;
      if (event.key === 'Escape') {
        if (!onCanvas) canvas.current?.focus([...state.selection][0] ?? startOf(state.flow));
        else {
          state.select([]);
          state.set({ connection: undefined });
        }
        return done();
      }
      if (!onCanvas || target.closest('button, a, .canvas-controls, .canvas-map')) return;

      const { places } = placesOf(state.flow, state.catalogue);
      const at = node ?? [...state.selection].at(-1);
      const goTo = (id: string | undefined) => {
        if (!id) return;
        if (!event.shiftKey || event.key === 'Tab') state.select([id]);
        else state.select([...state.selection, id]);
        canvas.current?.focus(id);
      };
      const arrow = arrows[event.key];
      if (arrow) {
        if (event.altKey && !state.readOnly) {
          if (state.selection.size === 0 && node) state.select([node]);
          nudge(store, arrow[1] * 24, arrow[2] * 24);
        } else goTo(at ? neighbour(state.flow, at, arrow[0], places) : startOf(state.flow));
        return done();
      }
      switch (event.key) {
        case 'Tab': {
          if (!node) return;
          const order = readingOrder(state.flow, startOf(state.flow), places);
          const next = order[order.indexOf(node) + (event.shiftKey ? -1 : 1)];
          // After the last one the focus goes on to what follows the canvas.
          if (next === undefined) return;
          goTo(next);
          return done();
        }
        case 'Enter':
          if (!node) return;
          state.select([node]);
          state.set({ side: 'inspector', isSideOpen: true });
          requestAnimationFrame(() =>
            document.querySelector<HTMLElement>('[data-region="side"] input, [data-region="side"] select')?.focus(),
          );
          return done();
        case ' ': {
          if (!node) return;
          const chosen = new Set(state.selection);
          if (chosen.has(node)) chosen.delete(node);
          else chosen.add(node);
          state.select(chosen);
          return done();
        }
        case '1':
          canvas.current?.fit();
          return done();
      }
      if (state.readOnly) return;
      switch (event.key) {
        case 'Delete':
        case 'Backspace': {
          const near = at && (neighbour(state.flow, at, 'left', places) ?? neighbour(state.flow, at, 'right', places));
          if (node && state.selection.size === 0 && state.connection === undefined) state.select([node]);
          removeSelected(store);
          if (node && near && activityIds(store.getState().flow).includes(near)) canvas.current?.focus(near);
          return done();
        }
        case 'c':
          if (node) state.select([node]);
          if (store.getState().selection.size === 1) state.set({ dialog: 'connect' });
          return done();
        case 'a':
          if (node) state.select([node]);
          state.set({ dialog: 'add' });
          return done();
      }
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
        if (first) canvas.current?.focus(first);
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

    function cycle(by: number) {
      const parts = regions
        .flatMap((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? [])
        .filter((part) => part.offsetParent !== null);
      const at = parts.findIndex((part) => part.contains(document.activeElement));
      const next = parts[(at + by + parts.length) % parts.length];
      if (next?.dataset['region'] === 'canvas') canvas.current?.focus([...store.getState().selection][0] ?? startOf(store.getState().flow));
      else next?.querySelector<HTMLElement>('input, button, select, textarea, [tabindex="0"]')?.focus();
    }
  }, [store, canvas, save]);
}
