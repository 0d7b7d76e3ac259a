import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
  tooltips,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, type CSSProperties } from 'react';
import type { TemplateFunction } from '../api/types';
import type { CodeEditorProps } from './CodeEditor';
import { useForm } from './context';
import { matching, openPlace } from './templateText';
import { useSchema } from './useSchema';

// Set by the page, so not to be told back to it.
const fromOutside = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--kind-data)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--kind-http)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--kind-logic)' },
  { tag: [tags.propertyName, tags.attributeName], color: 'var(--kind-screen)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--kind-script)' },
  { tag: [tags.comment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--danger)' },
]);

/**
 * Where lists of suggestions hang: over the page, and without a place in
 * it, or an editor's border would make the page larger than its window.
 */
function outside(): HTMLElement {
  const found = document.getElementById('editor-tips');
  if (found) return found;
  const made = document.createElement('div');
  made.id = 'editor-tips';
  made.style.cssText = 'position: fixed; inset: 0 auto auto 0; inline-size: 0; block-size: 0; z-index: 60';
  document.body.append(made);
  return made;
}

const look = EditorView.theme({
  '&': {
    fontSize: '0.8125rem',
    color: 'var(--text)',
    backgroundColor: 'var(--field)',
    border: '1px solid var(--border-soft)',
    borderRadius: 'var(--radius)',
    overflow: 'hidden',
  },
  '&:hover': { borderColor: 'var(--border)' },
  '&.cm-focused': {
    outline: 'none',
    borderColor: 'var(--accent)',
    boxShadow: '0 0 0 3px color-mix(in srgb, var(--accent) 22%, transparent)',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '1.6', maxHeight: '28rem' },
  '.cm-content, .cm-gutter': { minHeight: 'calc(var(--lines) * 1.6em + 0.8rem)' },
  '.cm-content': { padding: '0.4rem 0', caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.5rem 0 0.6rem' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent)',
  },
  '.cm-placeholder': { color: 'var(--faint)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-s)',
    boxShadow: 'var(--shadow-l)',
    color: 'var(--text)',
  },
  // As the list of a text with templates.
  '.cm-tooltip.cm-tooltip-autocomplete': { padding: '0.3rem', borderRadius: 'var(--radius)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    maxHeight: '15rem',
    minWidth: '16rem',
    maxWidth: 'min(30rem, 92vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '0.3rem 0.55rem',
    borderRadius: 'var(--radius-s)',
    fontSize: '0.8125rem',
    lineHeight: '1.4',
    overflowWrap: 'anywhere',
    whiteSpace: 'normal',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--accent-strong)' },
  '.cm-completionMatchedText': { textDecoration: 'none' },
  '.cm-completionDetail': { color: 'var(--warning)', fontFamily: 'var(--font)', fontStyle: 'normal', fontSize: '0.75rem' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warning)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
});

const languages: Record<CodeEditorProps['language'], () => Extension> = {
  javascript: () => javascript(),
  json: () => json(),
  sql: () => sql(),
  text: () => [],
};

/** CodeMirror with the console's look. Tab indents; Escape, then Tab, goes on to the next field. */
export function CodeMirror(props: CodeEditorProps) {
  const { value, language, label, id, readOnly = false, placeholder = '', problems, lines = 4 } = props;
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const parts = useRef({ language: new Compartment(), attributes: new Compartment(), readOnly: new Compartment() });
  const current = useRef(props);
  const form = useForm();
  const later = useRef(form.later);
  const functions = useRef<readonly TemplateFunction[]>([]);
  functions.current = useSchema().data?.functions ?? [];
  later.current = form.later;
  current.current = props;

  useEffect(() => {
    const made = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: current.current.value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({
            override: [(context) => completions(context, current.current, later.current, functions.current)],
            icons: false,
          }),
          // Out of the panel that scrolls, so that no edge cuts it; a dialog keeps its own, as nothing outside of it can be clicked.
          parent.current!.closest('[role="dialog"]') ? [] : tooltips({ parent: outside(), position: 'fixed' }),
          syntaxHighlighting(colours),
          look,
          EditorView.lineWrapping,
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          placeholderText(placeholder),
          parts.current.language.of(languages[current.current.language]()),
          parts.current.attributes.of(attributesOf(current.current)),
          parts.current.readOnly.of(readOnlyOf(current.current.readOnly ?? false)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside)))
              current.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, annotations: fromOutside.of(true) });
  }, [value]);

  const describedBy = props['aria-describedby'];
  const invalid = props['aria-invalid'];
  useEffect(() => view.current?.dispatch({ effects: parts.current.language.reconfigure(languages[language]()) }), [language]);
  useEffect(() => view.current?.dispatch({ effects: parts.current.readOnly.reconfigure(readOnlyOf(readOnly)) }), [readOnly]);
  useEffect(
    () => view.current?.dispatch({ effects: parts.current.attributes.reconfigure(attributesOf(current.current)) }),
    [label, id, describedBy, invalid, readOnly],
  );

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const marks = (problems ?? []).map(({ message, severity, line: number = 1 }) => {
      const line = editor.state.doc.line(Math.min(number, editor.state.doc.lines));
      return { from: line.from, to: line.to, severity, message };
    });
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems, value]);

  return <div className="code-editor" ref={parent} style={{ '--lines': lines } as CSSProperties} />;
}

const readOnlyOf = (readOnly: boolean): Extension => [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];

function attributesOf(props: CodeEditorProps): Extension {
  const attributes: Record<string, string> = { 'aria-label': `${props.label}. Escape, then Tab leaves the editor.` };
  if (props.id) attributes['id'] = props.id;
  if (props['aria-describedby']) attributes['aria-describedby'] = props['aria-describedby'];
  if (props['aria-invalid']) attributes['aria-invalid'] = 'true';
  if (props.readOnly) Object.assign(attributes, { tabindex: '0', 'aria-readonly': 'true', role: 'textbox', 'aria-multiline': 'true' });
  return EditorView.contentAttributes.of(attributes);
}

// What is offered is decided here, not by letters that stand somewhere: Enter takes the first.
function completions(
  context: CompletionContext,
  { paths = [], names = [], language }: CodeEditorProps,
  later: ReadonlySet<string> | undefined,
  functions: readonly TemplateFunction[],
): CompletionResult | null {
  const option = (label: string) => ({ label, type: 'variable', ...(later?.has(label) && { detail: 'not before this yet' }) });
  const line = context.state.doc.lineAt(context.pos);
  const open = openPlace(line.text, context.pos - line.from);
  if (open?.isFunction) {
    const examples = matching(
      functions.map((one) => one.example),
      open.typed,
      functions.length,
    );
    const about = (label: string) => functions.find((one) => one.example === label)?.description ?? '';
    return {
      from: line.from + open.start,
      options: examples.map((label) => ({ label, type: 'function', info: about(label) })),
      filter: false,
    };
  }
  if (open) return { from: line.from + open.start, options: matching(paths, open.typed, 40).map(option), filter: false };
  if (language !== 'javascript') return null;
  const word = context.matchBefore(/[\w$][\w$.\-[\]"]*/);
  if (!word && !context.explicit) return null;
  return { from: word?.from ?? context.pos, options: matching([...names, ...paths], word?.text ?? '', 40).map(option), filter: false };
}
