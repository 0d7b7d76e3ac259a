import { Plus, Trash2 } from 'lucide-react';
import { createContext, useContext } from 'react';
import type { Json } from '../api/types';
import type { EditorProps } from '../forms';
import { SecretEditor } from '../forms/SecretEditor';
import { Button } from '../ui';

/** What is signed, and the way to where that is said. */
export const SigningContext = createContext<{ template: string; onShow: () => void }>({ template: '', onShow: () => undefined });

/** The keys of the signature, one or two, and beside them what is signed: that is a setting on another tab. */
export function HmacSecretEditor(props: EditorProps) {
  const { template, onShow } = useContext(SigningContext);
  const { value, onChange, disabled } = props;
  const [first, second] = Array.isArray(value) ? value : [value];
  const isTwo = Array.isArray(value) && value.length > 1;
  const write = (one: Json | undefined, other: Json | undefined) =>
    onChange(other === undefined ? one : one === undefined ? other : [one, other]);
  return (
    <>
      <SecretEditor {...props} value={first} onChange={(one) => write(one, second)} />
      {isTwo && (
        <>
          <SecretEditor
            {...props}
            input={{ ...props.input, id: `${props.input.id}-2` }}
            label={`Second ${props.label}`}
            value={second}
            onChange={(other) => write(first, other ?? '')}
          />
          <p className="field-hint">
            The first signs; receivers that know both can change over. <code>x-descope-webhook-key</code> says which it was.
            {!disabled && (
              <>
                {' '}
                <Button size="small" kind="quiet" icon={<Trash2 />} onClick={() => write(first, undefined)}>
                  Remove the second
                </Button>
              </>
            )}
          </p>
        </>
      )}
      {Boolean(value) && (
        <p className="field-hint">
          {template === '' ? (
            'It signs the body alone.'
          ) : (
            <>
              It signs <code>{template}</code>.
            </>
          )}{' '}
          <button type="button" className="link" onClick={onShow}>
            {disabled ? 'See what is signed' : 'Choose what is signed'}
          </button>
        </p>
      )}
      {Boolean(first) && !isTwo && !disabled && (
        <Button size="small" kind="quiet" icon={<Plus />} onClick={() => write(first, '')}>
          Add a second secret
        </Button>
      )}
    </>
  );
}
