import { useEffect, useState, type ComponentType } from 'react';
import { TextArea } from '../ui';
import type { FieldProblem } from './diagnostics';
import './forms.css';

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  language: 'javascript' | 'json' | 'sql' | 'text';
  /** Its name for screen readers. */
  label: string;
  id?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean | undefined;
  readOnly?: boolean;
  placeholder?: string | undefined;
  /** Paths of the context: completed behind {{, and in JavaScript anywhere. */
  paths?: string[];
  /** Further names to complete, such as the arguments of a scriptlet. */
  names?: string[];
  /** Marked in the text at their lines, those without one at the first. */
  problems?: FieldProblem[];
  /** The least height, in lines. */
  lines?: number;
}

let loaded: ComponentType<CodeEditorProps> | undefined;

/** A code editor. It is loaded when the first one is shown; until then, and should that fail, a plain text box does the same. */
export function CodeEditor(props: CodeEditorProps) {
  const [Editor, setEditor] = useState<ComponentType<CodeEditorProps> | undefined>(() => loaded);
  useEffect(() => {
    if (Editor) return;
    let isThere = true;
    import('./CodeMirror').then(
      ({ CodeMirror }) => {
        loaded = CodeMirror;
        if (isThere) setEditor(() => CodeMirror);
      },
      () => undefined,
    );
    return () => {
      isThere = false;
    };
  }, [Editor]);

  if (Editor) return <Editor {...props} />;
  const { value, onChange, label, id, readOnly = false, placeholder, lines = 4 } = props;
  return (
    <TextArea
      mono
      id={id}
      aria-label={label}
      aria-describedby={props['aria-describedby']}
      aria-invalid={props['aria-invalid']}
      readOnly={readOnly}
      placeholder={placeholder}
      rows={Math.max(lines, value.split('\n').length)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
