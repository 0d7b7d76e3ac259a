import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { create } from 'zustand';
import { IconButton } from './Button';

interface Toast {
  id: number;
  text: string;
  tone: 'success' | 'danger';
  about: string;
}

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let lastId = 0;

/** Tells what happened, at the corner of the page. Failures stay until they are closed, or until something newer is told about the same. */
export function toast(text: string, tone: Toast['tone'] = 'success', about = text): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter((shown) => shown.about !== about).slice(-3), { id, text, tone, about }] }));
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
