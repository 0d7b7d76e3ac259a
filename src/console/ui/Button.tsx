import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Tooltip } from './Tooltip';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'default' | 'quiet' | 'danger';
  size?: 'small' | 'default';
  icon?: ReactNode;
  /** While it works: it shows that it does, and takes no second click. */
  busy?: boolean;
}

/** A button with a text. */
export function Button({ kind = 'default', size = 'default', icon, busy = false, disabled, children, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${rest.className ?? ''}`}
      data-kind={kind}
      data-size={size}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

/** A button that is an icon; its label is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  kind = 'quiet',
  size = 'default',
  ...rest
}: Omit<Props, 'children'> & { label: string; icon: ReactNode }) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        className={`button ${rest.className ?? ''}`}
        data-kind={kind}
        data-size={size}
        data-icon-only
        aria-label={label}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
