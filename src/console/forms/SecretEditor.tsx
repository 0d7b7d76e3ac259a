import { Eye, EyeOff, KeyRound, RotateCcw, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton, Input, Select } from '../ui';
import type { EditorProps } from './context';
import { mask, readSecret, writeSecret, type SecretSource } from './secret';

/**
 * A secret: what is stored is never shown, only replaced or removed. A
 * reference to the server's environment or files holds no secret and is shown.
 */
export function SecretEditor({ value, onChange, input, label, setting, disabled }: EditorProps) {
  const state = readSecret(value);
  const wasStored = useRef(state.is === 'stored');
  if (state.is === 'stored') wasStored.current = true;
  // Kept apart from the value: an empty text says nothing, but what was chosen stays chosen.
  const [chosen, setChosen] = useState<SecretSource>();
  const [isShown, setShown] = useState(false);
  if (chosen === undefined && (state.is === 'stored' || (state.is === 'unset' && wasStored.current)))
    return (
      <div className="secret-stored">
        <span className="secret-state" id={input.id} data-removed={state.is === 'unset' || undefined}>
          <KeyRound aria-hidden="true" />
          {state.is === 'stored' ? 'Set' : 'Removed when you save'}
        </span>
        {!disabled && state.is === 'stored' && (
          <>
            <Button size="small" aria-label={`Replace: ${label}`} onClick={() => setChosen('literal')}>
              Replace
            </Button>
            {!setting.required && (
              <Button size="small" kind="quiet" icon={<Trash2 />} aria-label={`Remove: ${label}`} onClick={() => onChange(undefined)}>
                Remove
              </Button>
            )}
          </>
        )}
        {!disabled && state.is === 'unset' && (
          <Button size="small" icon={<RotateCcw />} aria-label={`Keep the stored one: ${label}`} onClick={() => onChange(mask)}>
            Keep it
          </Button>
        )}
      </div>
    );

  const source = state.is === 'entered' && (state.source !== 'literal' || chosen === undefined) ? state.source : (chosen ?? 'literal');
  const text = state.is === 'entered' && state.source === source ? state.text : '';
  const write = (from: SecretSource, entered: string) => {
    setChosen(from);
    // Until something is entered, the stored one stays.
    onChange(entered !== '' ? writeSecret(from, entered) : wasStored.current ? mask : undefined);
  };
  const { id, ...ties } = input;
  return (
    <>
      <div className="secret-entry">
        <Select
          aria-label={`Where the secret comes from: ${label}`}
          value={source}
          disabled={disabled}
          onChange={(event) => write(event.target.value as SecretSource, '')}
        >
          <option value="literal">Secret itself</option>
          <option value="env">Environment variable</option>
          <option value="file">File</option>
        </Select>
        <Input
          {...ties}
          id={id}
          mono={source !== 'literal' || isShown}
          type={source === 'literal' && !isShown ? 'password' : 'text'}
          autoComplete={source === 'literal' ? 'new-password' : 'off'}
          autoFocus={chosen !== undefined}
          aria-required={setting.required || undefined}
          placeholder={source === 'literal' ? 'Enter the secret' : source === 'env' ? 'NAME_OF_THE_VARIABLE' : '/run/secrets/name'}
          value={text}
          disabled={disabled}
          onChange={(event) => write(source, event.target.value)}
        />
        {source === 'literal' && text !== '' && (
          <IconButton
            label={isShown ? 'Hide what I entered' : 'Show what I entered'}
            icon={isShown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => setShown(!isShown)}
          />
        )}
        {wasStored.current && !disabled && (
          <IconButton
            label={`Keep the stored one: ${label}`}
            icon={<RotateCcw size={16} />}
            onClick={() => {
              setChosen(undefined);
              setShown(false);
              onChange(mask);
            }}
          />
        )}
      </div>
      {source !== 'literal' && (
        <div className="field-hint">
          {source === 'env' ? 'Read from the server’s environment.' : 'Read from a file on the server, without its final line break.'} Only
          an admin may save a reference.
        </div>
      )}
    </>
  );
}
