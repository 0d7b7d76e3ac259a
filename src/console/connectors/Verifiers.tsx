import { useState } from 'react';
import { CopyButton, Tabs } from '../ui';
import type { Verifier } from './verifiers';

/** Programs to copy for who receives what is signed, one for each language. */
export function Verifiers({ verifiers }: { verifiers: Verifier[] }) {
  const [language, setLanguage] = useState(verifiers[0]?.name ?? '');
  return (
    <Tabs
      label="Language"
      value={language}
      onChange={setLanguage}
      tabs={verifiers.map(({ name, notes, code }) => ({
        id: name,
        label: name,
        content: (
          <div className="stack">
            <p className="field-hint">
              <Inline text={notes} />
            </p>
            <div className="copyable">
              <CopyButton text={code} label={`Copy the verifier in ${name}`} />
              <pre className="code-block" tabIndex={0} aria-label={`Verifier in ${name}`}>
                {code}
              </pre>
            </div>
          </div>
        ),
      }))}
    />
  );
}

/** Text with `code` in it. */
const Inline = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
);
