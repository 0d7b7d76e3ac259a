import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { create } from 'zustand';
import { IconButton } from './Button';

interface Toast {
  id: number;
  text: string;
  tone: 'success' | 'danger';
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let lastId = 0;

/** Tells what happened, at the corner of the page. Failures stay until they are closed. */
export function toast(text: string, tone: Toast['tone'] = 'success'): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { id, text, tone }] }));
  if (tone === 'success') setTimeout(() => dismiss(id), 5000);
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
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((shown) => (
        <div className="toast" data-tone={shown.tone} key={shown.id}>
          {shown.tone === 'danger' ? <CircleAlert aria-label="Failed:" /> : <CircleCheck aria-hidden="true" />}
          <span>{shown.text}</span>
          <IconButton label="Close" size="small" icon={<X size={14} />} onClick={() => dismiss(shown.id)} />
        </div>
      ))}
    </div>
  );
}
