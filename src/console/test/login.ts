import { readFileSync } from 'node:fs';
import type { ActivityType, ComponentType, JsonObject, Setting } from '../api/types';
import { catalogueOf } from '../graph/ports';

/** The flow of the README, as the file says it. */
export const login = JSON.parse(readFileSync(new URL('../../../flows/login.flow.json', import.meta.url), 'utf8')) as JsonObject;

const setting = (name: string, more: Partial<Setting> = {}): Setting => ({ name, kind: 'text', description: '', required: false, ...more });
const type = (name: string, outcomes: string[], errorEvents: string[] = [], settings: Setting[] = []): ActivityType => ({
  type: name,
  description: '',
  category: '',
  outcomes,
  errorEvents,
  canRunInParallel: false,
  settings,
});

const contextKey = setting('contextKey', { editor: 'contextKey' });

const activities = [
  type('Screen', [], [], [setting('screen', { editor: 'screen', required: true })]),
  type(
    'GenericHttp',
    ['Success'],
    ['Generic HTTP Error', 'Connector Execution'],
    [setting('connector', { editor: 'connector:http', required: true }), contextKey],
  ),
  type(
    'Database',
    ['Success'],
    ['Connector Execution'],
    [
      setting('connector', { editor: 'connector:sql', required: true }),
      contextKey,
      setting('query', { kind: 'template', required: true, editor: 'sql' }),
    ],
  ),
  type('Condition', ['Else']),
  type('Scriptlet', ['Success'], ['Scriptlet Failed'], [contextKey]),
  type('SetUser', ['Done']),
  type('VerifyPassword', ['Match', 'No Match'], [], [setting('limit', { kind: 'object', definition: 'attemptLimit' })]),
  type('CustomClaims', ['Done']),
  type('Subflow', ['Done'], [], [contextKey]),
  type('Parallel', ['Success'], ['Branch Failed']),
  type('Restart', []),
  type('End', []),
];

const component = (type: string, more: Partial<ComponentType> = {}): ComponentType => ({
  type,
  description: '',
  new: {},
  settings: [],
  ...more,
});
const components = [
  component('Text', { new: { text: 'Text' }, settings: [setting('text', { kind: 'template' })] }),
  component('ErrorMessage', { showsErrors: true }),
  component('EmailInput', { input: 'line', new: { name: 'email', label: 'Email' }, sample: 'ada@example.com' }),
  component('PasswordInput', { input: 'line', secret: true, settings: [setting('name'), setting('default', { rare: true })] }),
  component('Link', { interaction: true }),
  component('Button', { interaction: true, takesEnter: true, new: { id: 'submit', text: 'Continue' } }),
];

/** What tests need of the types of activities and components; the server's schema has all of it. */
export const catalogue = catalogueOf({ activities, components });

export const types = catalogue.types;
