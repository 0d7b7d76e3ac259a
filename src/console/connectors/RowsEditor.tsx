import type { Diagnostic } from '../api/client';
import type { Setting } from '../api/types';
import { FormContext } from '../forms';
import { SettingField } from '../forms/SettingField';
import { objectOf, rowsOf, type Row } from '../forms/rows';

const environment = { definitions: {}, disabled: false, editorOf: () => undefined, paths: [] };

/** Names and values of a request, such as its headers. */
export function RowsEditor({
  name,
  label,
  description,
  rows,
  onChange,
  diagnostics,
  paths,
}: {
  name: string;
  label: string;
  description: string;
  rows: Row[];
  onChange: (rows: Row[]) => void;
  diagnostics: Diagnostic[];
  paths: string[];
}) {
  const setting: Setting = { name, kind: 'templateMap', description, required: false };
  return (
    <FormContext value={{ ...environment, diagnostics, paths }}>
      <SettingField
        setting={setting}
        label={label}
        pointer={`/${name}`}
        value={objectOf(rows)}
        onChange={(value) => onChange(rowsOf(value))}
      />
    </FormContext>
  );
}
