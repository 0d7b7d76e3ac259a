/** The shapes of the management API (docs/management-api.md). */
import type { Diagnostic } from './client';
import type { ExactNumber } from './json';

export type Json = null | boolean | number | ExactNumber | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export type Role = 'viewer' | 'designer' | 'admin';

export interface Session {
  user: { name: string; role: Role } | null;
  csrfToken?: string;
  setupRequired: boolean;
  project: string;
  version: string;
}

export type SettingKind =
  | 'text'
  | 'template'
  | 'jsonTemplate'
  | 'templateMap'
  | 'json'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'secret'
  | 'object'
  | 'list';

export interface Setting {
  name: string;
  kind: SettingKind;
  description: string;
  required: boolean;
  default?: Json;
  choices?: string[];
  minimum?: number;
  maximum?: number;
  unit?: string;
  editor?: string;
  /** No form asks for it unless it is set. */
  rare?: boolean;
  /** Of a connector's setting: stored secrets stay when it changes. */
  secretsStay?: boolean;
  /** What a setting of kind choice is between: values that need not be texts, and what each promises. */
  options?: { value: Json; label: string; description: string }[];
  element?: Setting;
  definition?: string;
}

export interface ActivityType {
  type: string;
  description: string;
  category: string;
  outcomes: string[];
  errorEvents: string[];
  canRunInParallel: boolean;
  settings: Setting[];
}

/** A type of component, as its record in the engine describes itself. */
export interface ComponentType {
  type: string;
  description: string;
  /** The name of an icon, see flows/designer/componentIcons.ts. */
  icon?: string;
  /** How something is entered in it; what is no input has none. */
  input?: 'line' | 'yesOrNo' | 'choice';
  secret?: boolean;
  /** Whether an id makes it an outcome of its screen. */
  interaction?: boolean;
  /** Whether Enter in an input presses the first of them. */
  takesEnter?: boolean;
  /** Whether the message of the last attempt stands in it. */
  showsErrors?: boolean;
  /** What a new one has. */
  new: JsonObject;
  /** What a person may have entered. */
  sample?: Json;
  settings: Setting[];
}

export interface Schema {
  activities: ActivityType[];
  connectors: { type: string; settings: Setting[] }[];
  components: ComponentType[];
  operators: { name: string; takesValue: boolean }[];
  definitions: Record<string, Setting[]>;
  /** What to do about an error, by its code. */
  advice: Record<string, string>;
  flow: JsonObject;
  connector: JsonObject;
}

export interface FlowHead {
  id: string;
  name: string;
  publishedVersion: number | null;
  /** Who may start it; null where no published version compiles. */
  access: 'public' | 'key' | null;
  updatedAt: string;
  draftRevision: number | null;
  /** The published flows that use it as a subflow, themselves or through another. */
  usedBy: string[];
}

export interface FlowDetail {
  id: string;
  name: string;
  published: { version: number; definition: JsonObject; note: string; author: string; publishedAt: string } | null;
  draft: { revision: number; definition: JsonObject; author: string; updatedAt: string } | null;
  usedBy: string[];
}

export interface FlowVersion {
  version: number;
  note: string;
  author: string;
  publishedAt: string;
  isPublished: boolean;
  definition?: JsonObject;
}

export interface Change {
  change: 'added' | 'removed' | 'changed';
  kind: 'flow' | 'activity' | 'connection' | 'screen' | 'component' | 'setting';
  id: string;
  /** What a setting belongs to. */
  of?: 'activity' | 'connection' | 'screen';
  name?: string;
  setting?: string;
  before?: Json;
  after?: Json;
}

export interface ConnectorHead {
  id: string;
  type: string;
  name: string;
  description: string;
  revision: number;
  author: string;
  updatedAt: string;
  warnings: string[];
  usedBy: string[];
}

export interface ConnectorDetail {
  id: string;
  definition: JsonObject;
  /** As this server uses it, where that differs: in the demo. */
  actual?: JsonObject;
  revision: number;
  author: string;
  updatedAt: string;
  warnings: string[];
  usedBy: string[];
}

export interface Egress {
  addresses: string[];
  staticIps: string[];
  proxies: string[];
  allowPrivateNetworks: boolean;
}

export interface RunHead {
  id: string | null;
  number: number;
  flowId: string;
  flowVersion: number;
  status: 'waiting' | 'running' | 'completed' | 'refused' | 'failed' | 'cancelled' | 'expired';
  /** What people may quote. */
  shortReference: string;
  person: string | null;
  /** What its flow says it is found by. */
  reference: string | null;
  /** The screen that it waits for. */
  screen: { id: string; title: string; activity: string } | null;
  errorCode: string | null;
  /** How many of its steps failed, handled or not, and in which ways, the latest last. */
  errorCount: number;
  errors: RunFault[];
  /** How long it was worked on; unknown for runs of releases before. */
  workedMs: number | null;
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
}

/** An error of a run, and how often it came in the same way. */
export interface RunFault {
  code: string;
  activity: string;
  connector: string | null;
  handled: 'automatic' | 'custom' | 'ignore' | 'failed';
  count: number;
}

export interface FlowError {
  activity?: string;
  event?: string;
  code: string;
  message: string;
}

export interface Step {
  activity: string;
  type: string;
  startedAt: string;
  durationMs: number;
  outcome?: string;
  input?: Json;
  output?: Json;
  /** What the person is told because of it, on the next screen or at the end. */
  message?: string;
  /** How many names it was given that nobody declared. */
  dropped?: number;
  /** The paths that it wrote, such as connectors.profile. */
  writes?: string[];
  /** When a person submitted what stands in output. */
  submittedAt?: string;
  /** The run's inputs, with its first step. */
  client?: Json;
  /** Something was left out for lack of room. */
  truncated?: boolean;
  warnings?: { code: string; message: string }[];
  error?: FlowError;
  /** Whether it left a call to be delivered later. */
  queued?: boolean;
  /** Whether it is no step of the run itself, but the delivery of a call that one of them left behind. */
  delivery?: boolean;
  children?: Step[];
}

/** A durable call that waits to be delivered, or was given up. */
export interface QueuedCall {
  id: string;
  status: 'queued' | 'dead';
  connector: string;
  flow: string;
  activity: string;
  run: number | null;
  size: number;
  deliveries: number;
  error: { code: string; message: string } | null;
  createdAt: string;
  dueAt: string | null;
}

export interface RunDetail extends RunHead {
  trace: Step[];
  /** Whether the steps have no values because this person sees those of runs that have ended. */
  valuesHidden: boolean;
  definition: JsonObject | null;
}

export interface TryAnswer {
  status: 'waiting' | 'running' | 'completed' | 'refused' | 'failed';
  path: string[];
  screen?: JsonObject;
  /** What its End says. */
  message?: string;
  error?: FlowError;
  outputs: Json;
  claims: Json;
  user: Json;
  context: JsonObject;
  trace: Step[];
  continue?: string;
}

export interface User {
  name: string;
  role: Role;
  createdAt: string;
  updatedAt: string;
}

export interface AuditEntry {
  number: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Json;
}

export type { Diagnostic };
