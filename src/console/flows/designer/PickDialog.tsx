import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog, Input } from '../../ui';

export interface Choice {
  key: string;
  label: string;
  group?: string;
  icon?: ReactNode;
  aside?: ReactNode;
}

interface Props {
  title: string;
  description?: ReactNode;
  placeholder: string;
  choices: readonly Choice[];
  onPick: (choice: Choice) => void;
  onClose: () => void;
}

/** One of many, found by typing: arrow keys move, Enter takes. */
export function PickDialog({ title, description, placeholder, choices, onPick, onClose }: Props) {
  const list = useId();
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = choices.filter((choice) => words.every((word) => `${choice.label} ${choice.group ?? ''}`.toLowerCase().includes(word)));
    // What begins with the words comes first, the rest as it stands.
    const wanted = search.trim().toLowerCase();
    const begins = fits.filter((choice) => choice.label.toLowerCase().startsWith(wanted));
    return (wanted ? [...begins, ...fits.filter((choice) => !begins.includes(choice))] : fits).slice(0, 60);
  }, [choices, search]);
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => void box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [active, found]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(found.length - 1, active + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
    else if (event.key === 'Enter' && found[active]) onPick(found[active]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <Input
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[active] ? `${list}-${active}` : undefined}
        aria-label={placeholder}
        placeholder={placeholder}
        autoFocus
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="pick-list" role="listbox" id={list} aria-label={title} ref={box}>
        {found.map((choice, index) => (
          <li key={choice.key} id={`${list}-${index}`} role="option" aria-selected={index === active} onPointerMove={() => setActive(index)} onClick={() => onPick(choice)}>
            {choice.icon}
            <span>{choice.label}</span>
            <span className="pick-aside">{choice.aside ?? choice.group}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted">Nothing matches.</p>}
    </Dialog>
  );
}
