import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

const escapes = new WeakSet<Event>();

/**
 * Whether a press of Escape closed a tooltip, which is nothing that it was
 * meant for: a page does with it what it would do without the tooltip.
 */
export const closedATooltip = (event: Event): boolean => escapes.has(event);

/** Says what something is when the pointer or the focus rests on it. */
export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8} onEscapeKeyDown={(event) => void escapes.add(event)}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Stands once around everything that has tooltips. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => <Radix.Provider delayDuration={350}>{children}</Radix.Provider>;
