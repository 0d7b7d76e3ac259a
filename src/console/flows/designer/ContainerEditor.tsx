import { ArrowDown, ArrowUp, ChevronDown, Plus, Trash2 } from 'lucide-react';
import type { ComponentType } from '../../api/types';
import { Icon } from '../../canvas/icons';
import { Settings, type EditorProps } from '../../forms';
import { newComponent } from '../../graph/create';
import { screen } from '../../graph/flow';
import { moveItem, objects, removeAt, replaceAt, text } from '../../graph/json';
import { componentTypeOf } from '../../graph/ports';
import { Button, Disclosure, IconButton, Menu } from '../../ui';
import { componentTitle, settingsFor } from './components';
import { useKnown } from './known';
import { useDesigner } from './store';

/** What stands in a container, each with its settings. */
export function ContainerEditor({ value, onChange, pointer, disabled }: EditorProps) {
  const { schema } = useKnown();
  const catalogue = useDesigner((state) => state.catalogue);
  const flow = useDesigner((state) => state.flow);
  const chosen = useDesigner((state) => state.screenId);
  const inner = objects(value);
  // Names are one to a screen, in whichever container they stand.
  const around = screen(flow, chosen ?? '') ?? { components: inner };
  const add = (type: ComponentType) => onChange([...inner, newComponent(around, type)]);

  return (
    <div className="stack" role="group" aria-label="In this container">
      {inner.map((component, index) => {
        const known = componentTypeOf(component, catalogue);
        const name = `${text(component['type'])} ${componentTitle(component)}`.trim();
        return (
          <Disclosure title={name} key={index}>
            <div className="stack">
              <Settings
                settings={settingsFor(component, known, schema.components)}
                value={component}
                onChange={(next) => onChange(replaceAt(inner, index, next))}
                pointer={`${pointer}/${index}`}
              />
              {!disabled && (
                <div className="row">
                  <IconButton
                    size="small"
                    label={`Move ${name} up`}
                    icon={<ArrowUp size={14} />}
                    disabled={index === 0}
                    onClick={() => onChange(moveItem(inner, index, index - 1))}
                  />
                  <IconButton
                    size="small"
                    label={`Move ${name} down`}
                    icon={<ArrowDown size={14} />}
                    disabled={index === inner.length - 1}
                    onClick={() => onChange(moveItem(inner, index, index + 1))}
                  />
                  <IconButton
                    size="small"
                    label={`Remove ${name}`}
                    icon={<Trash2 size={14} />}
                    onClick={() => onChange(removeAt(inner, index))}
                  />
                </div>
              )}
            </div>
          </Disclosure>
        );
      })}
      {!disabled && (
        <Menu
          align="start"
          label="Component in this container"
          trigger={
            <Button size="small" icon={<Plus />}>
              Add into it <ChevronDown size={14} />
            </Button>
          }
          entries={schema.components.map((type) => ({
            label: type.type,
            icon: <Icon icon={type.icon ?? 'align-left'} />,
            onSelect: () => add(type),
          }))}
        />
      )}
    </div>
  );
}
