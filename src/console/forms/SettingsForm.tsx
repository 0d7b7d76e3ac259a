import './forms.css';
import { useMemo, useRef, type ReactNode } from 'react';
import type { Diagnostic } from '../api/client';
import type { Json, JsonObject, Setting } from '../api/types';
import { Disclosure, Notice } from '../ui';
import { FormContext, useForm, type FormEnvironment } from './context';
import { countOf, problemsWithin, unplaced } from './diagnostics';
import { pointerTo } from '../graph/pointer';
import { SettingField } from './SettingField';
import { change, conditionsOf, counts, inObject, isGiven, sectionsOf, unknownMembers, variantsOf } from './settings';
import { sentenceAt } from './words';

interface Props {
  settings: Setting[];
  definitions: Record<string, Setting[]>;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  diagnostics?: Diagnostic[];
  /** Where the value stands in its file, as a JSON Pointer: "/activities/2", "/configuration". */
  pointer?: string;
  /** Members of the object that are no settings and are edited elsewhere, such as id and type. */
  known?: string[];
  disabled?: boolean;
  editorOf?: FormEnvironment['editorOf'];
  paths?: string[];
  later?: ReadonlySet<string>;
}

const none: never[] = [];
const noLater: ReadonlySet<string> = new Set();
const noEditor = () => undefined;

/** A form of an object's settings: every setting of the schema, with the problems that the server reports at it. */
export function SettingsForm({
  settings,
  definitions,
  value,
  onChange,
  diagnostics = none,
  pointer = '',
  known = none,
  disabled = false,
  editorOf = noEditor,
  paths = none,
  later = noLater,
}: Props) {
  const environment = useMemo(
    () => ({ definitions, diagnostics, disabled, editorOf, paths, later }),
    [definitions, diagnostics, disabled, editorOf, paths, later],
  );
  const elsewhere = unplaced(
    diagnostics,
    [...settings, ...known.map((name) => ({ name }))].map(({ name }) => `${pointerTo(pointer, name)}/*`),
  ).filter((one) => pointer === '' || one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  const unknown = unknownMembers(value, settings).filter((name) => !known.includes(name));
  return (
    <FormContext value={environment}>
      <div className="settings-form">
        {elsewhere.length > 0 && (
          <Notice tone={elsewhere.some((one) => one.severity === 'error') ? 'danger' : 'warning'}>
            {elsewhere.map((one, index) => (
              <div key={index}>{sentenceAt(one)}</div>
            ))}
          </Notice>
        )}
        <Settings settings={settings} value={value} onChange={onChange} pointer={pointer} isTop />
        {unknown.length > 0 && (
          <p className="field-hint">
            Also in the file, kept as it is:{' '}
            {unknown.map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <code>{name}</code>
              </span>
            ))}
            .
          </p>
        )}
      </div>
    </FormContext>
  );
}

/** The settings of one object, in sections where they say so. */
export function Settings({
  settings,
  value,
  onChange,
  pointer,
  isTop = false,
}: {
  settings: Setting[];
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  pointer: string;
  isTop?: boolean;
}) {
  const { diagnostics } = useForm();
  const aside = useRef(new Map<string, Json>());
  const conditions = useMemo(() => conditionsOf(settings), [settings]);
  // What a choice names is needed with that choice.
  const variants = useMemo(() => variantsOf(settings), [settings]);

  const fields = (some: Setting[]): ReactNode[] =>
    some.flatMap((setting) => {
      const isCounting = counts(setting.name, settings, conditions, value);
      // What is stored but does not count is shown nevertheless: it is in the file, and the server may refuse it.
      if (!isCounting && !isGiven(value[setting.name])) return [];
      return (
        <SettingField
          key={setting.name}
          setting={inObject(
            isCounting && (setting.when?.required || (variants[setting.name] && setting.kind !== 'object'))
              ? { ...setting, required: true }
              : setting,
            value,
          )}
          value={value[setting.name]}
          onChange={(next) => onChange(change(value, setting.name, next, settings, conditions, aside.current))}
          pointer={pointerTo(pointer, setting.name)}
          isUnused={!isCounting && !conditions[setting.name]?.unlessGiven}
          isVariant={isCounting && Boolean(variants[setting.name] || setting.when?.required)}
        />
      );
    });

  // Problems of members that are no settings; at the top the form shows them itself.
  const stray = isTop
    ? []
    : unplaced(
        diagnostics.filter((one) => one.pointer.startsWith(`${pointer}/`)),
        settings.map(({ name }) => `${pointerTo(pointer, name)}/*`),
      );

  const sections = sectionsOf(settings);
  if (!sections)
    return (
      <div className="settings">
        {fields(settings)}
        {stray.map((one, index) => (
          <div className="field-problem" data-severity={one.severity} key={index}>
            {sentenceAt(one)}
          </div>
        ))}
      </div>
    );
  return (
    <>
      {sections.map((section) => {
        const content = fields(section.settings);
        if (content.length === 0) return null;
        const problems = section.settings.flatMap((setting) => problemsWithin(diagnostics, pointerTo(pointer, setting.name)));
        const body = <div className="settings">{content}</div>;
        return (
          <section className="settings-section" aria-label={section.title} key={section.title}>
            {section.folded ? (
              <Disclosure
                level="section"
                title={section.title}
                aside={problems.length > 0 && <span className="settings-count">{countOf(problems)}</span>}
                folded={problems.length === 0 && !section.settings.some((setting) => isGiven(value[setting.name]))}
              >
                {body}
              </Disclosure>
            ) : (
              <>
                <h2>{section.title}</h2>
                {body}
              </>
            )}
          </section>
        );
      })}
    </>
  );
}
