import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, query } from '../api/client';
import { Input, useDebounced, When } from '../ui';
import { choicesOf, type Choice, type Match } from './finding';
import { StatusBadge } from './StatusBadge';
import { useNow } from './useNow';

/**
 * Finds runs by whatever somebody has of them: number, id or its beginning, the short reference that people quote, or whom they are about.
 * What a text may mean is offered while it is typed; Enter takes the only meaning there is. `/` goes there.
 */
export function RunFinder({ onPerson }: { onPerson: (person: string) => void }) {
  const navigate = useNavigate();
  const now = useNow(1000);
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  // Enter may come before the answer does.
  const [entered, setEntered] = useState<string>();
  const listId = useId();
  const text = typed.trim();
  const rested = useDebounced(text, 250);
  const asked = entered === text ? text : rested;
  const found = useQuery({
    queryKey: ['runs', 'search', asked],
    queryFn: ({ signal }) => api.get<{ matches: Match[] }>(`/api/runs/search${query({ text: asked })}`, signal),
    enabled: asked !== '',
    staleTime: 0,
  });
  const answer = found.isSuccess && !found.isFetching && asked === text ? choicesOf(text, found.data.matches) : undefined;
  const choices = answer ?? [];

  const take = (choice: Choice) => {
    setTyped('');
    setOpen(false);
    setEntered(undefined);
    setAt(-1);
    if (choice.run) void navigate(`/runs/${choice.run.number}`);
    else onPerson(choice.person);
  };

  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || (event.target as HTMLElement).closest('input, textarea, select')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  useEffect(() => {
    if (entered === undefined || entered !== text || !answer) return;
    setEntered(undefined);
    // Several meanings are for the person to choose from.
    if (answer.length === 1) take(answer[0]!);
    else setAt(answer.length > 0 ? 0 : -1);
  }, [entered, text, answer]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setOpen(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length > 0) {
      event.preventDefault();
      setOpen(true);
      setAt((at + step + choices.length) % choices.length);
    }
    if (event.key !== 'Enter' || text === '') return;
    event.preventDefault();
    setOpen(true);
    if (isOpen && choices[at]) take(choices[at]);
    else setEntered(text);
  };

  const shows = isOpen && text !== '' && (answer !== undefined || found.isError);
  return (
    <div
      className="search-input run-finder"
      role="search"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <Search aria-hidden="true" />
      <Input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Run, reference or person"
        placeholder="Run, reference or person"
        aria-keyshortcuts="/"
        enterKeyHint="search"
        autoComplete="off"
        value={typed}
        aria-expanded={shows}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shows && choices[at] ? `${listId}-${at}` : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <div className="run-found" hidden={!shows}>
        <ul id={listId} role="listbox" aria-label="What it may be">
          {choices.map((choice, index) => (
            // The focus stays in the input, so that one can go on typing.
            <li
              key={choice.key}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setAt(index)}
              onClick={() => take(choice)}
            >
              {choice.run ? (
                <>
                  <span className="run-found-what">
                    <strong>Run {choice.run.number}</strong> <span className="muted">{choice.why}</span>
                  </span>
                  <span className="run-found-more">
                    <StatusBadge run={choice.run} now={now} /> <When at={choice.run.createdAt} />
                  </span>
                </>
              ) : (
                <span className="run-found-what">
                  All runs of <strong>{choice.person}</strong>
                </span>
              )}
            </li>
          ))}
        </ul>
        {answer?.length === 0 && (
          <p className="muted" role="status">
            No run, and nobody, is found by “{text}”. People are found by their whole email, loginId, user id, or what the flow’s reference
            says.
          </p>
        )}
        {found.isError && <p role="alert">{found.error.message}</p>}
      </div>
    </div>
  );
}
