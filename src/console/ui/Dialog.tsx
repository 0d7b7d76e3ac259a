import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './Button';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  size?: 'default' | 'large';
  /** The buttons at the foot. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** A dialog over the page: focus stays inside, Escape closes it. */
export function Dialog({ open, onClose, title, description, size = 'default', actions, children }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-overlay" />
        <Radix.Content className="dialog" data-size={size} {...(description ? {} : { 'aria-describedby': undefined })}>
          <div className="dialog-head">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            {description && (
              <Radix.Description asChild>
                <p>{description}</p>
              </Radix.Description>
            )}
          </div>
          <div className="dialog-body">{children}</div>
          {actions && <div className="dialog-foot">{actions}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  open,
  onClose,
  title,
  text,
  action,
  keep = 'Keep it',
  onConfirm,
  busy,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  action: string;
  keep?: string;
  onConfirm: () => void;
  busy?: boolean;
}) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={text}
      actions={
        <>
          <Button onClick={onClose}>{keep}</Button>
          <Button kind="danger" onClick={onConfirm} busy={busy ?? false}>
            {action}
          </Button>
        </>
      }
    />
  );
}
