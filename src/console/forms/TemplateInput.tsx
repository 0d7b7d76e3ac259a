import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useForm } from './context';
import { complete, matching, openPlace } from './templateText';
import { useSchema } from './useSchema';

interface Props {
  id?: string | undefined;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean | undefined;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string | undefined;
  disabled?: boolean;
  /** It is one line: Enter submits the form that it stands in. */
  isLine?: boolean;
  /** It is one path, not a text with templates. */
  isPath?: boolean;
  /** Paths to suggest; those of the form when not given. */
  paths?: string[];
}

const none: never[] = [];

/** A text with templates: it grows with its lines; behind {{ the paths known here are suggested, and behind | the functions. */
export function TemplateInput({ value, onChange, paths, disabled = false, isLine: isOneLine = false, isPath = false, ...rest }: Props) {
  const isLine = isOneLine || isPath;
  const form = useForm();
  const known = paths ?? form.paths;
  const list = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | undefined>(undefined);
  const functions = useSchema().data?.functions ?? none;
  const [open, setOpen] = useState<{ typed: string; isFunction: boolean }>();
  const [active, setActive] = useState(0);
  const choices = open?.isFunction ? functions.map((one) => one.example) : known;
  const found = open === undefined ? [] : matching(choices, open.typed, open.isFunction ? choices.length : undefined);

  useLayoutEffect(() => {
    if (caret.current === undefined || !area.current) return;
    area.current.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });

  const look = (element: HTMLTextAreaElement) => {
    setOpen(isPath ? { typed: element.value, isFunction: false } : openPlace(element.value, element.selectionStart));
    setActive(0);
  };
  const take = (path: string) => {
    const result = isPath ? { text: path, caret: path.length } : complete(value, area.current?.selectionStart ?? value.length, path);
    caret.current = result.caret;
    setOpen(undefined);
    onChange(result.text);
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isLine && event.key === 'Enter' && found.length === 0) {
      event.preventDefault();
      event.currentTarget.form?.requestSubmit();
    }
    if (found.length === 0) {
      // All that there is to choose from, before a letter is typed.
      if (isPath && event.key === 'ArrowDown') {
        event.preventDefault();
        look(event.currentTarget);
      }
      return;
    }
    if (event.key === 'ArrowDown') setActive((active + 1) % found.length);
    else if (event.key === 'ArrowUp') setActive((active + found.length - 1) % found.length);
    else if (event.key === 'Enter') take(found[active]!);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(undefined);
    } else return;
    event.preventDefault();
  };

  const isOpen = found.length > 0;
  return (
    <div className="template-input">
      <textarea
        {...rest}
        ref={area}
        className="input"
        data-mono
        // Where the browser does not size it by its content.
        rows={Math.min(8, value.split('\n').length)}
        spellCheck={false}
        autoComplete="off"
        disabled={disabled}
        value={value}
        {...((known.length > 0 || (!isPath && functions.length > 0)) && {
          'aria-autocomplete': 'list',
          'aria-haspopup': 'listbox',
          'aria-controls': isOpen ? list : undefined,
          'aria-activedescendant': isOpen ? `${list}-${active}` : undefined,
        })}
        onChange={(event) => {
          onChange(isLine ? event.target.value.replace(/\s*[\r\n]+\s*/g, ' ') : event.target.value);
          look(event.target);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(undefined)}
      />
      {isOpen && (
        <ul className="suggestions" role="listbox" id={list} aria-label={open?.isFunction ? 'Functions' : 'Paths'}>
          {found.map((path, index) => (
            <li
              role="option"
              id={`${list}-${index}`}
              aria-selected={index === active}
              key={path}
              onPointerDown={(event) => {
                event.preventDefault();
                take(path);
              }}
            >
              {path}
              {open?.isFunction && <span className="suggestion-about">{functions.find((one) => one.example === path)?.description}</span>}
              {form.later?.has(path) && <span className="suggestion-note">not before this yet</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
