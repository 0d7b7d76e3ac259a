import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { ActivityType } from '../../api/types';
import { paletteType } from '../../canvas/FlowCanvas';
import { KindIcon } from '../../canvas/kinds';
import { SearchInput } from '../../ui';
import { useKnown } from './known';
import { add, useDesigner, useDesignerStore } from './store';

const order = ['Screens', 'Connectors', 'Flow', 'Logic', 'Identity'];

/** Types by category, as far as they match what is searched. */
export function categoriesOf(types: readonly ActivityType[], search: string): [string, ActivityType[]][] {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, ActivityType[]>();
  for (const type of types) {
    if (wanted && !`${type.type} ${type.description} ${type.category}`.toLowerCase().includes(wanted)) continue;
    groups.set(type.category, [...(groups.get(type.category) ?? []), type]);
  }
  const rank = (category: string) => (order.includes(category) ? order.indexOf(category) : order.length);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The types of activities: to drag onto the canvas, or to choose. Arrow keys move through the list. */
export function Palette({ onAdded }: { onAdded: (id: string) => void }) {
  const store = useDesignerStore();
  const known = useKnown();
  const catalogue = useDesigner((state) => state.catalogue);
  const [search, setSearch] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => categoriesOf(known.types, search), [known.types, search]);
  const choose = (type: ActivityType) => onAdded(add(store, type, { catalogue, connectors: known.connectors }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const items = [...(list.current?.querySelectorAll<HTMLElement>('.palette-item') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    event.stopPropagation();
    items[Math.min(items.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  };

  return (
    <aside className="palette" aria-label="Palette" data-region="palette" onKeyDown={onKeyDown}>
      <h2 className="visually-hidden">Activities</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const first = groups[0]?.[1][0];
          if (first && search) choose(first);
        }}
      >
        <SearchInput label="Search activities" value={search} onChange={setSearch} />
      </form>
      <div className="palette-list" ref={list}>
        {groups.map(([category, types]) => (
          <div role="group" aria-label={category} key={category}>
            <h3>{category}</h3>
            {types.map((type) => (
              <button
                type="button"
                className="palette-item"
                key={type.type}
                draggable
                title={type.description}
                aria-label={type.type}
                aria-description={type.description}
                onDragStart={(event) => {
                  event.dataTransfer.setData(paletteType, type.type);
                  event.dataTransfer.effectAllowed = 'copy';
                }}
                onClick={() => choose(type)}
              >
                <KindIcon type={type.type} size={15} />
                <span className="palette-words" data-description={type.description}>
                  {type.type}
                </span>
              </button>
            ))}
          </div>
        ))}
        {groups.length === 0 && <p className="muted">No activity matches.</p>}
      </div>
    </aside>
  );
}
