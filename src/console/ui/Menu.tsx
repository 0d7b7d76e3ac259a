import { ContextMenu as Context, DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  shortcut?: string;
  tone?: 'danger';
  disabled?: boolean;
  onSelect: () => void;
}

/** A menu behind a button; null stands for a line between entries. */
export function Menu({
  trigger,
  label,
  entries,
  align = 'end',
}: {
  trigger: ReactNode;
  label?: string;
  entries: (MenuEntry | null)[];
  align?: 'start' | 'end';
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} sideOffset={6} collisionPadding={8}>
          {label && <Radix.Label className="menu-label">{label}</Radix.Label>}
          {entries.map((entry, index) =>
            entry === null ? (
              <Radix.Separator className="menu-separator" key={index} />
            ) : (
              <Radix.Item
                className="menu-item"
                key={index}
                data-tone={entry.tone}
                disabled={entry.disabled ?? false}
                onSelect={entry.onSelect}
              >
                {entry.icon}
                {entry.label}
                {entry.shortcut && <span className="shortcut">{entry.shortcut}</span>}
              </Radix.Item>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The menu of what is under the pointer: by the right button, a long touch, or the menu key. */
export function ContextMenu({
  isFor,
  entries,
  children,
}: {
  /** Whether the menu is for what is there; otherwise the browser's own is shown. */
  isFor: (target: Element) => boolean;
  entries: () => (MenuEntry | null)[];
  children: ReactNode;
}) {
  return (
    <Context.Root modal={false}>
      <Context.Trigger asChild>
        <div className="menu-ground">
          <div
            className="menu-ground"
            onContextMenu={(event) => {
              if (!isFor(event.target as Element)) event.stopPropagation();
            }}
          >
            {children}
          </div>
        </div>
      </Context.Trigger>
      <Context.Portal>
        <Context.Content className="menu" collisionPadding={8}>
          <Entries entries={entries()} />
        </Context.Content>
      </Context.Portal>
    </Context.Root>
  );
}

const Entries = ({ entries }: { entries: (MenuEntry | null)[] }) =>
  entries.map((entry, index) =>
    entry === null ? (
      <Context.Separator className="menu-separator" key={index} />
    ) : (
      <Context.Item className="menu-item" key={index} data-tone={entry.tone} disabled={entry.disabled ?? false} onSelect={entry.onSelect}>
        {entry.icon}
        {entry.label}
        {entry.shortcut && <span className="shortcut">{entry.shortcut}</span>}
      </Context.Item>
    ),
  );
