import { createContext, useContext, type ComponentType } from 'react';
import type { Diagnostic } from '../api/client';
import type { Json, Setting } from '../api/types';
import type { FieldProblem } from './diagnostics';

/** What ties an input to its label, hint and problems; spread it on the input. */
export interface InputTies {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** What an editor of one setting gets. */
export interface EditorProps {
  setting: Setting;
  /** Undefined where nothing is written and the default counts. */
  value: Json | undefined;
  /** Writes a value; undefined removes the setting. */
  onChange: (value: Json | undefined) => void;
  /** Where the value stands in the file, as a JSON Pointer. */
  pointer: string;
  label: string;
  input: InputTies;
  problems: FieldProblem[];
  disabled: boolean;
}

/**
 * An editor that takes the place of the usual one: a picker of connectors, a builder of conditions. With `bare` it draws its own label,
 * hint and problems (for what is more than one input).
 */
export interface CustomEditor {
  editor: ComponentType<EditorProps>;
  bare?: boolean;
}

/** What the forms of a page have in common. */
export interface FormEnvironment {
  definitions: Record<string, Setting[]>;
  diagnostics: Diagnostic[];
  disabled: boolean;
  /** An editor of the page's own for a setting, by its `editor` hint, name or place; undefined for the usual one. */
  editorOf: (setting: Setting, pointer: string) => CustomEditor | undefined;
  /** The paths to suggest inside {{ }}, and where a setting takes a path. */
  paths: string[];
  /** Those of the paths that nothing before here writes. */
  later?: ReadonlySet<string>;
}

const empty: FormEnvironment = { definitions: {}, diagnostics: [], disabled: false, editorOf: () => undefined, paths: [] };

export const FormContext = createContext<FormEnvironment>(empty);

export const useForm = (): FormEnvironment => useContext(FormContext);
