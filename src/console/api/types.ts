/** The records of the management API by the names that the console has for them; contract.ts is made of the API's document. */
import type { components } from './contract';

export type { Diagnostic } from './client';
export type { Json, JsonObject } from './json';

type Records = components['schemas'];

export type Session = Records['Session'];
export type Role = Records['SignedIn']['role'];
export type User = Records['Person'];
export type AuditEntry = Records['AuditEntry'];

export type Schema = Records['DesignerSchema'];
export type TemplateFunction = Records['FunctionShape'];
export type StretchWait = Records['StretchWaitView'];
export type ActivityType = Records['ActivityType'];
export type ConnectorType = Records['ConnectorType'];
export type CredentialHeader = Records['CredentialHeader'];
export type ComponentType = Records['ComponentType'];
export type Setting = Records['Setting'];
export type SettingKind = Setting['kind'];

export type FlowHead = Records['FlowHead'];
export type FlowDetail = Records['Flow'];
export type FlowVersion = Records['FlowVersion'];
export type AcceptedFailure = Records['AcceptedFailure'];
export type Change = Records['Change'];
export type TryAnswer = Records['TryAnswer'];
export type DrillAnswer = Records['DrillAnswer'];
export type DrillRow = Records['DrillRowView'];
export type DrillCase = Records['DrillCaseBody'];

export type ConnectorHead = Records['ConnectorHead'];
export type ConnectorDetail = Records['Connector'];
export type Egress = Records['Egress'];
export type Environment = Records['Environment'];
export type Drifted = Records['DriftedItem'];

export type RunHead = Records['Run'];
export type RunDetail = Records['RunDetail'];
export type RunFault = Records['RunFault'];
export type FlowError = Records['FlowError'];
export type Step = Records['Step'];
export type QueuedCall = Records['QueuedCall'];

export type Overview = Records['Overview'];
export type Outage = Records['Outage'];
export type ConnectorNumbers = Records['ConnectorNumbers'];
export type FlowNumbers = Records['FlowNumbers'];
export type ScreenNumbers = Records['ScreenNumbers'];
export type FlowCounts = Records['FlowCounts'];
