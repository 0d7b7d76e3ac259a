import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** Says what something is when the pointer or the focus rests on it. */
export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Stands once around everything that has tooltips. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => <Radix.Provider delayDuration={350}>{children}</Radix.Provider>;
