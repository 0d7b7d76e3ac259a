import { Plus, X } from 'lucide-react';
import type { JsonObject } from '../../api/types';
import { problemsWithin, TemplateInput, useForm, type EditorProps } from '../../forms';
import { objects, removeAt, replaceAt, text, withMember } from '../../graph/json';
import { Button, IconButton, Input, Segmented } from '../../ui';

const ways = [
  { value: 'list', label: 'Listed here' },
  { value: 'path', label: 'From the data' },
];

/** What can be chosen: options that stand here, or the path of a list of them. */
export function OptionsEditor({ value, onChange, pointer, label, input, disabled }: EditorProps) {
  const { diagnostics, paths } = useForm();
  const isPath = typeof value === 'string';
  const options = objects(value);
  const write = (index: number, option: JsonObject) => onChange(replaceAt(options, index, option));
  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label row">
        <span id={`${input.id}-label`}>{label}</span>
        <span className="spacer" />
        <Segmented
          aria-label="Where the options are"
          options={ways}
          value={isPath ? 'path' : 'list'}
          onChange={(way) => onChange(way === 'path' ? '{{}}' : [{ value: 'one', text: 'One' }])}
        />
      </div>
      {isPath ? (
        <TemplateInput {...input} value={value} paths={paths} disabled={disabled} onChange={onChange} />
      ) : (
        <div className="stack">
          {options.map((option, index) => (
            <div className="row" key={index}>
              <Input
                aria-label={`Value of option ${index + 1}`}
                value={text(option['value'])}
                disabled={disabled}
                onChange={(event) => write(index, withMember(option, 'value', event.target.value))}
              />
              <Input
                aria-label={`Text of option ${index + 1}`}
                value={text(option['text'])}
                disabled={disabled}
                onChange={(event) => write(index, withMember(option, 'text', event.target.value || undefined))}
              />
              {!disabled && (
                <IconButton
                  size="small"
                  label={`Remove option ${index + 1}`}
                  icon={<X size={14} />}
                  onClick={() => onChange(removeAt(options, index))}
                />
              )}
            </div>
          ))}
          {!disabled && (
            <Button
              size="small"
              kind="quiet"
              icon={<Plus />}
              onClick={() => onChange([...options, { value: `option${options.length + 1}`, text: '' }])}
            >
              Add option
            </Button>
          )}
        </div>
      )}
      <div className="field-hint">
        {isPath
          ? 'A list of texts, or of objects with value and label. Only what was shown can be chosen.'
          : 'The value that is kept, and the text that is read.'}
      </div>
      {problemsWithin(diagnostics, pointer).map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}
