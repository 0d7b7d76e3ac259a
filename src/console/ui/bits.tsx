import { CircleAlert, Check, Copy, Info, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, IconButton } from './Button';

export const Badge = ({
  tone,
  icon,
  children,
}: {
  tone?: 'accent' | 'success' | 'danger' | 'warning' | 'info';
  icon?: ReactNode;
  children: ReactNode;
}) => (
  <span className="badge" data-tone={tone}>
    {icon}
    {children}
  </span>
);

/** Something the person should know before they go on. */
export function Notice({
  tone = 'info',
  children,
  role,
}: {
  tone?: 'info' | 'danger' | 'warning' | 'success';
  children: ReactNode;
  role?: 'alert' | 'status';
}) {
  const Icon = tone === 'danger' ? CircleAlert : tone === 'warning' ? TriangleAlert : tone === 'success' ? Check : Info;
  return (
    <div className="notice" data-tone={tone} role={role}>
      <Icon aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}

export const Empty = ({ icon, title, children, action }: { icon: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="empty">
    {icon}
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {action}
  </div>
);

/** Lines that stand where content will be. */
export const Loading = ({ lines = 4 }: { lines?: number }) => (
  <div className="stack" role="status" aria-label="Loading" style={{ padding: '1.1rem' }}>
    {Array.from({ length: lines }, (_, index) => (
      <div className="skeleton" key={index} style={{ inlineSize: `${90 - index * 12}%` }} />
    ))}
  </div>
);

export const Failed = ({ error, onRetry }: { error: Error; onRetry?: () => void }) => (
  <div style={{ padding: '1.1rem' }}>
    <Notice tone="danger" role="alert">
      {error.message}{' '}
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Notice>
  </div>
);

/** Copies a text, and says that it did. */
export function CopyButton({ text, label = 'Copy', size = 'small' }: { text: string; label?: string; size?: 'small' | 'default' }) {
  const [done, setDone] = useState(false);
  return (
    <IconButton
      size={size}
      label={done ? 'Copied' : label}
      icon={done ? <Check size={14} /> : <Copy size={14} />}
      onClick={async () => {
        await copyText(text);
        setDone(true);
        setTimeout(() => setDone(false), 1500);
      }}
    />
  );
}

/** The clipboard needs a secure page; on a plain http address other than this machine's, the old way still works. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** A moment, short: the time today, the date before. The whole moment is its title. */
export function When({ at }: { at: string }) {
  const date = new Date(at);
  const seconds = Math.round((Date.now() - date.getTime()) / 1000);
  const short =
    seconds < 45
      ? 'just now'
      : seconds < 3600
        ? `${Math.round(seconds / 60)} min ago`
        : seconds < 86_400
          ? `${Math.round(seconds / 3600)} h ago`
          : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {seconds < 0 ? date.toLocaleString() : short}
    </time>
  );
}
