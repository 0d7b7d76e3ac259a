import { CircleAlert, TriangleAlert } from 'lucide-react';
import {
  useId,
  type ComponentProps,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';

export interface Problem {
  message: string;
  severity?: 'error' | 'warning';
  fix?: Fix | undefined;
}

/** What one click does about a problem. */
export interface Fix {
  label: string;
  run: () => void;
}

export const FixButton = ({ fix }: { fix?: Fix | undefined }) =>
  fix && (
    <button type="button" className="fix-button" onClick={fix.run}>
      {fix.label}
    </button>
  );

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  problems?: Problem[];
  required?: boolean;
  /** What stands at the right end of the label's line. */
  aside?: ReactNode;
  children: (input: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
    required?: boolean;
  }) => ReactNode;
}

/** A label, an input, a hint and the input's problems, tied together for screen readers. */
export function Field({ label, hint, problems = [], required, aside, children }: FieldProps) {
  const id = useId();
  // Some messages end with what the setting is: that is said once.
  const shownHint = typeof hint === 'string' && problems.some((problem) => problem.message.endsWith(hint)) ? undefined : hint;
  const describes = [shownHint ? `${id}-hint` : '', problems.length ? `${id}-problems` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>
          {label}
          {required && (
            <span className="required" aria-hidden="true">
              {' '}
              *
            </span>
          )}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': describes || undefined,
        'aria-invalid': problems.some((p) => p.severity !== 'warning') || undefined,
        ...(required && { required }),
      })}
      {shownHint && (
        <div className="field-hint" id={`${id}-hint`}>
          {shownHint}
        </div>
      )}
      {problems.length > 0 && (
        <div id={`${id}-problems`}>
          {problems.map((problem, index) => (
            <div className="field-problem" data-severity={problem.severity ?? 'error'} key={index}>
              {problem.severity === 'warning' ? (
                <TriangleAlert size={14} aria-label="Warning:" />
              ) : (
                <CircleAlert size={14} aria-label="Error:" />
              )}
              <span>
                {problem.message} <FixButton fix={problem.fix} />
              </span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

export const Input = ({ mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) => (
  <input autoComplete="off" spellCheck={false} {...rest} className={`input ${rest.className ?? ''}`} data-mono={mono || undefined} />
);

export const TextArea = ({ mono, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { mono?: boolean }) => (
  <textarea spellCheck={!mono} {...rest} className={`input ${rest.className ?? ''}`} data-mono={mono || undefined} />
);

export const Select = (props: SelectHTMLAttributes<HTMLSelectElement>) => (
  <select {...props} className={`input ${props.className ?? ''}`} />
);

export const Switch = ({ label, ...rest }: Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & { label: ReactNode }) => (
  <label className="switch">
    <input type="checkbox" role="switch" {...rest} />
    <span>{label}</span>
  </label>
);
