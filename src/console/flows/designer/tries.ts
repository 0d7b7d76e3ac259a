import { parseJson, writeJson } from '../../api/json';
import type { Json, JsonObject, RunDetail, Setting, TryAnswer } from '../../api/types';
import { activitiesShowing } from '../../graph/edit';
import { everyActivity, settingFor, typeOf } from '../../graph/described';
import type { Flow } from '../../graph/flow';
import { componentsOf, isObject, objects, text } from '../../graph/json';
import { selectedColumns } from '../../graph/paths';
import { componentTypeOf, type Catalogue } from '../../graph/ports';

/** What a person set up to try a flow; kept in their browser. */
export interface TryInputs {
  mode: 'live' | 'scripted';
  /** The inputs of the flow, as JSON text. */
  client: string;
  /** Replies by activity, as JSON text: an array, used in order. */
  replies: Record<string, string>;
  /** The last answers by screen: the form is filled with them. */
  forms: Record<string, JsonObject>;
}

export const noInputs: TryInputs = { mode: 'live', client: '', replies: {}, forms: {} };

const key = (flowId: string): string => `flowengine.try.${flowId}`;

export function loadInputs(flowId: string): TryInputs {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(flowId)) ?? '{}');
    return { ...noInputs, ...(isObject(stored) ? (stored as unknown as Partial<TryInputs>) : {}) };
  } catch {
    return noInputs;
  }
}

export function saveInputs(flowId: string, inputs: TryInputs): void {
  try {
    localStorage.setItem(key(flowId), JSON.stringify(inputs));
  } catch {
    // Without room in the browser's store the inputs last as long as the page.
  }
}

/** What may be kept of a form: not what the screen, as the engine describes it, calls sensitive. Without the screen nothing is. */
export function keptForm(screen: JsonObject | undefined, form: JsonObject): JsonObject {
  const open = objects(screen?.['components'])
    .filter((component) => component['sensitive'] !== true)
    .map((component) => text(component['name']));
  return Object.fromEntries(Object.entries(form).filter(([name]) => open.includes(name)));
}

/** The activities that call something outside, inside others too: those whose type takes scripted replies. */
export const callers = (flow: Flow, catalogue: Catalogue): JsonObject[] =>
  everyActivity(flow).filter((item) => typeOf(item, catalogue)?.reply !== undefined);

/** The members of a reply to begin with, as its type describes one. */
const beginning = (item: JsonObject, catalogue: Catalogue): Setting[] =>
  (typeOf(item, catalogue)?.reply ?? []).filter((member) => member.initial !== undefined);

/** The member of a reply that has an answer to each element of the setting of its name, where the activity has some: its statements. */
const answersOf = (item: JsonObject, catalogue: Catalogue): { name: string; elements: Json[] } | undefined => {
  const member = typeOf(item, catalogue)?.reply?.find(({ name, kind }) => kind === 'list' && isFilled(item[name]));
  return member && { name: member.name, elements: item[member.name] as Json[] };
};

const isFilled = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;

/** A reply to begin with: rows have the columns that the activity asks for. */
export function sampleReply(item: JsonObject, catalogue: Catalogue): string {
  const members = beginning(item, catalogue);
  const answers = answersOf(item, catalogue);
  const query = settingFor(typeOf(item, catalogue), 'sql');
  const reply = answers
    ? { [answers.name]: answers.elements.map((sql) => answerTo(members, text(sql))) }
    : answerTo(members, query ? text(item[query.name]) : '');
  return JSON.stringify([reply], null, 2);
}

function answerTo(members: Setting[], sql: string): JsonObject {
  const columns = Object.fromEntries(selectedColumns(sql).map((column) => [column, `${column} 1`] as const));
  return Object.fromEntries(
    members.map(({ name, initial }) => [
      name,
      Array.isArray(initial) ? initial.map((element) => (isObject(element) ? { ...element, ...columns } : element)) : initial!,
    ]),
  );
}

/** What a reply looks like, in short: { "statusCode", "body", "headers" }. */
export const replyHint = (item: JsonObject, catalogue: Catalogue): string => {
  const members = beginning(item, catalogue)
    .map(({ name, initial }) => (Array.isArray(initial) ? `"${name}": [ {…} ]` : `"${name}"`))
    .join(', ');
  const answers = answersOf(item, catalogue);
  return answers ? `{ "${answers.name}": [ { ${members} }, … ] }` : `{ ${members} }`;
};

/** The inputs of the flow to begin with: their defaults, else nothing. */
export const sampleClient = (flow: Flow): string =>
  isObject(flow['inputs'])
    ? writeJson(
        Object.fromEntries(Object.entries(flow['inputs']).map(([name, input]) => [name, isObject(input) ? (input['default'] ?? '') : ''])),
        2,
      )
    : '{}';

export interface TryRequest {
  client?: JsonObject;
  replies?: Record<string, Json>;
}

/** What is sent, or what is wrong with what was entered. */
export function requestOf(flow: Flow, inputs: TryInputs, catalogue: Catalogue): { request: TryRequest } | { problem: string } {
  const request: TryRequest = {};
  const client = parse(inputs.client.trim() || sampleClient(flow));
  if (!isObject(client)) return { problem: 'The inputs of the flow are not a JSON object.' };
  if (Object.keys(client).length) request.client = client;
  if (inputs.mode === 'scripted') {
    request.replies = {};
    for (const item of callers(flow, catalogue)) {
      const id = text(item['id']);
      const replies = parse(inputs.replies[id] ?? sampleReply(item, catalogue));
      if (!Array.isArray(replies)) return { problem: `The replies of ${id} are not a JSON array.` };
      request.replies[id] = replies;
    }
  }
  return { request };
}

const parse = (json: string): Json | undefined => {
  try {
    return parseJson(json);
  } catch {
    return undefined;
  }
};

/** A try as a run has it. Where it waited, a screen stands twice in its trace: when it was shown, and when it was submitted. */
export function runOf(
  { status, screen, trace }: Pick<TryAnswer, 'status' | 'trace'> & { screen?: Pick<NonNullable<TryAnswer['screen']>, 'id' | 'title'> },
  flow: Flow,
  catalogue: Catalogue,
): Pick<RunDetail, 'status' | 'screen' | 'trace' | 'updatedAt'> {
  const showing = screen ? activitiesShowing(flow, text(screen['id']), catalogue) : [];
  const at = trace.findLast((step) => showing.includes(step.activity))?.activity ?? showing[0];
  return {
    status,
    screen: screen && at !== undefined ? { id: text(screen['id']), title: text(screen['title']), activity: at } : null,
    trace: trace.filter(
      (step, index) => step.outcome !== undefined || step.error !== undefined || trace[index + 1]?.activity !== step.activity,
    ),
    updatedAt: '',
  };
}

/** What a person may have entered on the other screens of a flow, to show what a screen makes of it. */
export function sampleForm(flow: Flow, shown: JsonObject | undefined, catalogue: Catalogue): JsonObject {
  const own = new Set(componentsOf(shown).map((component) => component['name']));
  const form: JsonObject = {};
  for (const component of objects(flow['screens']).flatMap(componentsOf)) {
    const sample = componentTypeOf(component, catalogue)?.sample;
    if (sample !== undefined && component['name'] && !own.has(component['name'])) form[text(component['name'])] = sample;
  }
  return form;
}
