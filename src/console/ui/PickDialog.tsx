import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog } from './Dialog';
import { Input } from './Field';

export interface Choice {
  key: string;
  label: string;
  group?: string;
  icon?: ReactNode;
  aside?: ReactNode;
  /** What it is, below its name; searched too. */
  description?: string;
  /** A longer text that is searched too, and shown around what was found; without a search the choice is not listed. */
  text?: string;
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
    const fits = choices.filter(
      (choice) =>
        (choice.text === undefined || words.length > 0) &&
        words.every((word) =>
          `${choice.label} ${choice.group ?? ''} ${choice.description ?? ''} ${choice.text ?? ''}`.toLowerCase().includes(word),
        ),
    );
    // What begins with the words comes first, what only its longer text holds last.
    const wanted = search.trim().toLowerCase();
    const rank = ({ label, text }: Choice) =>
      text !== undefined ? 3 : label.toLowerCase().startsWith(wanted) ? 0 : label.toLowerCase().includes(wanted) ? 1 : 2;
    return (wanted ? [0, 1, 2, 3].flatMap((one) => fits.filter((choice) => rank(choice) === one)) : fits).slice(0, 60);
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
          <li
            key={choice.key}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => onPick(choice)}
          >
            {choice.icon}
            <span className="pick-label">
              {choice.label}
              {choice.description !== undefined && <span className="pick-description">{choice.description}</span>}
              {choice.text !== undefined && <span className="pick-text">{snippetOf(choice.text, search)}</span>}
            </span>
            <span className="pick-aside">{choice.aside ?? choice.group}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted">Nothing matches.</p>}
    </Dialog>
  );
}

/** The part of a text around the first word that is searched, in one line. */
function snippetOf(text: string, search: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const at = Math.max(
    0,
    ...search
      .toLowerCase()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => line.toLowerCase().indexOf(word))
      .slice(0, 1),
  );
  const from = Math.max(0, Math.min(at - 20, line.length - 80));
  return `${from > 0 ? '…' : ''}${line.slice(from, from + 80)}${from + 80 < line.length ? '…' : ''}`;
}
