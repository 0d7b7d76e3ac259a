export { CodeEditor, type CodeEditorProps } from './CodeEditor';
export { FormContext, useForm, type CustomEditor, type EditorProps, type FormEnvironment, type InputTies } from './context';
export { pathOf } from './contextPath';
export { countOf, problemOf, problemsAt, problemsWithin, textOf, unplaced, type FieldProblem } from './diagnostics';
export { isObject, isWithin, pointerTo, sameJson, segmentsOf, withMember } from './pointer';
export { SettingField } from './SettingField';
export { Settings, SettingsForm } from './SettingsForm';
export { choiceLabelOf, labelOf, type Layout, type Section, type When } from './settings';
export { TemplateInput } from './TemplateInput';
