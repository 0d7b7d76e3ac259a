import { createContext, useContext, type ReactNode } from 'react';
import type { MenuEntry } from '../../ui';
import { command, isAvailable, keyText, type Here } from './commands';

/** What the commands of the open designer work on. */
export const HereContext = createContext<Here | undefined>(undefined);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('Only inside the designer.');
  return here;
}

/** Gives a command. */
export const give = (here: Here, id: string): void => void command(id).run!(here, '');

/** A command as an entry of a menu; the thing that the menu belongs to is the chosen one. */
export function entryOf(here: Here, id: string, icon: ReactNode, more: Partial<MenuEntry> = {}): MenuEntry {
  const one = command(id);
  return {
    label: one.short ?? one.label,
    icon,
    ...(one.keys && { shortcut: keyText(one.keys[0]!) }),
    disabled: !isAvailable(one, here),
    onSelect: () => give(here, id),
    ...more,
  };
}
