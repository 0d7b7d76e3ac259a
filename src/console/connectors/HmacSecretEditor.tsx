import { createContext, useContext } from 'react';
import type { EditorProps } from '../forms';
import { SecretEditor } from '../forms/SecretEditor';

/** What is signed, and the way to where that is said. */
export const SigningContext = createContext<{ template: string; onShow: () => void }>({ template: '', onShow: () => undefined });

/** The key of the signature, and beside it what it signs: that is a setting on another tab. */
export function HmacSecretEditor(props: EditorProps) {
  const { template, onShow } = useContext(SigningContext);
  return (
    <>
      <SecretEditor {...props} />
      {Boolean(props.value) && (
        <p className="field-hint">
          {template === '' ? (
            'It signs the body alone.'
          ) : (
            <>
              It signs <code>{template}</code>.
            </>
          )}{' '}
          <button type="button" className="link" onClick={onShow}>
            {props.disabled ? 'See what is signed' : 'Choose what is signed'}
          </button>
        </p>
      )}
    </>
  );
}
