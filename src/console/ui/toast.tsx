import { CircleAlert, CircleCheck, TriangleAlert, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { IconButton } from './Button';

export interface Toast {
  id: number;
  text: string;
  tone: 'success' | 'warning' | 'danger';
  about: string;
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let lastId = 0;

/** How long a toast is shown, in milliseconds: a failure or warning for as long as it takes to read it
 * slowly. */
const shownFor = { success: 5000, warning: 12_000, danger: 12_000 };
const most = 3;

/**
 * The toasts after another one. What is told again, or about the same, takes the place of what was told before; what succeeds takes the
 * failures away that came before it, which are over.
 */
export function withToast(toasts: readonly Toast[], added: Toast): Toast[] {
  return [...toasts.filter((shown) => shown.about !== added.about && !(added.tone === 'success' && shown.tone === 'danger')), added].slice(
    -most,
  );
}

/** Tells what happened, at the corner of the page. It leaves by itself, but not from under somebody who points at it. */
export function toast(text: string, tone: Toast['tone'] = 'success', about = text): void {
  const added = { id: ++lastId, text, tone, about };
  useToasts.setState(({ toasts }) => ({ toasts: withToast(toasts, added) }));
}

/** Tells why something failed. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), 'danger');
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((shown) => shown.id !== id) }));
}

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  const area = useRef<HTMLDivElement>(null);
  // The page ends so much lower: whatever lies under them can be scrolled out from there.
  useLayoutEffect(() => {
    document.documentElement.style.setProperty('--toasts', `${toasts.length > 0 ? (area.current?.offsetHeight ?? 0) + 16 : 0}px`);
  }, [toasts]);
  return (
    <div className="toasts" role="status" aria-live="polite" ref={area}>
      {toasts.map((shown) => (
        <OneToast shown={shown} key={shown.id} />
      ))}
    </div>
  );
}

function OneToast({ shown }: { shown: Toast }) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismiss(shown.id), shownFor[shown.tone]);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  return (
    <div
      className="toast"
      data-tone={shown.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {shown.tone === 'danger' && <CircleAlert aria-label="Failed:" />}
      {shown.tone === 'warning' && <TriangleAlert aria-label="Warning:" />}
      {shown.tone === 'success' && <CircleCheck aria-hidden="true" />}
      <span>{shown.text}</span>
      <IconButton label="Close" size="small" icon={<X size={14} />} onClick={() => dismiss(shown.id)} />
    </div>
  );
}
