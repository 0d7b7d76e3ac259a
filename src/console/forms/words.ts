/** What a form says of a problem: in the words of its labels, not of the file. No DOM. */
import type { Diagnostic } from '../api/client';
import type { Setting } from '../api/types';
import { segmentsOf } from '../graph/pointer';
import { textOf } from './diagnostics';
import { choiceLabelOf, labelOf, limitsOf } from './settings';

/**
 * The sentence for a problem at a field. The server says what is wrong by a code, and writes its own sentence for whoever reads the file;
 * where that would speak of the file's names, the form says it itself.
 * @param setting what stands in the field, where it is one of the schema's settings.
 */
export function sentenceOf(problem: Pick<Diagnostic, 'code' | 'message' | 'advice'>, label: string, setting?: Setting): string {
  switch (problem.code) {
    case 'flow.required':
      return setting?.choices
        ? `${label} has to be chosen.`
        : setting?.kind === 'list' || setting?.kind === 'map' || setting?.kind === 'templateMap'
          ? `${label}: add at least one.`
          : `${label} is missing.`;
    case 'flow.type':
      return setting ? `${label} ${kinds[setting.kind] ?? 'is not of the right kind.'}` : textOf(problem);
    case 'flow.range': {
      const limits = setting && limitsOf(setting);
      return limits ? `Use ${limits}.` : textOf(problem);
    }
    case 'flow.value':
      return setting?.choices
        ? `Choose one of: ${setting.choices.map((choice) => choiceLabelOf(choice, setting)).join(', ')}.`
        : textOf(problem);
    case 'flow.unknown_setting':
      return 'It has no effect here. Remove it.';
    default:
      return textOf(problem);
  }
}

/** The same where only the place is known, as in a list of problems: the last name of the pointer is the field's. */
export const sentenceAt = (problem: Pick<Diagnostic, 'code' | 'message' | 'advice' | 'pointer'>): string => {
  const name = segmentsOf(problem.pointer).findLast((segment) => segment !== '' && !/^\d+$/.test(segment));
  return sentenceOf(problem, name === undefined ? 'It' : labelOf(name));
};

const kinds: Partial<Record<Setting['kind'], string>> = {
  text: 'has to be a text.',
  template: 'has to be a text.',
  secret: 'has to be a text.',
  integer: 'has to be a whole number.',
  number: 'has to be a number.',
  boolean: 'has to be on or off.',
  list: 'has to be a list.',
  object: 'has to have settings of its own.',
  templateMap: 'has to be names with their values.',
  map: 'has to be names with their values.',
};
