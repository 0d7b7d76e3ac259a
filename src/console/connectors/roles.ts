/** What a connector's type says of its settings: which is the address, which the key of signatures. None is known by its name. No DOM. */
import type { ConnectorType, CredentialHeader, JsonObject, Schema, Setting } from '../api/types';
import { sameJson } from '../graph/json';
import { labelOf } from '../forms/settings';

/** The setting of a type that has a role, such as `signature`. */
export const settingOf = (type: Pick<ConnectorType, 'settings'>, role: NonNullable<Setting['role']>): Setting | undefined =>
  type.settings.find((setting) => setting.role === role);

/** The settings of a configuration whose value is dangerous. */
export const dangersOf = ({ settings }: Pick<ConnectorType, 'settings'>, configuration: JsonObject): Setting[] =>
  settings.filter(({ name, warnsWhen }) => warnsWhen !== undefined && sameJson(configuration[name], warnsWhen));

/** What a connector does whose settings of these names are dangerous, in words. */
export const warningsOf = (type: Pick<ConnectorType, 'settings'> | undefined, names: readonly string[]): string[] =>
  (type?.settings ?? []).filter(({ name }) => names.includes(name)).map(warningOf);

export const warningOf = (setting: Setting): string => setting.warning ?? labelOf(setting);

/** What of a type a cURL command fills: the names of its settings, and how credentials look. */
export interface CurlTarget {
  address: string;
  anyCertificate?: string | undefined;
  redirects?: string | undefined;
  clientCertificate?: string | undefined;
  clientKey?: string | undefined;
  clientKeyPassphrase?: string | undefined;
  authorities?: string | undefined;
  awsSignature?: string | undefined;
  /** Where credentials go, and the setting in there that chooses their kind. */
  authentication?: { setting: string; kind: string; kinds: { value: unknown; label: string }[]; headers: CredentialHeader[] } | undefined;
}

/** The setting of the activity that sends requests which has the parts of a body. */
export const partSettingOf = (schema: Pick<Schema, 'activities'>): Setting | undefined =>
  schema.activities.find(({ trace }) => trace === 'exchange')?.settings.find(({ name }) => name === 'parts');

/** What a command fills of a type; undefined where none can be pasted. */
export function curlTargetOf(
  type: Pick<ConnectorType, 'settings' | 'credentialHeaders'>,
  definitions: Schema['definitions'],
): CurlTarget | undefined {
  const address = settingOf(type, 'address');
  if (!address || type.credentialHeaders.length === 0) return undefined;
  const authentication = settingOf(type, 'authentication');
  const chooser = definitions[authentication?.definition ?? '']?.find(({ options }) => options);
  return {
    address: address.name,
    anyCertificate: settingOf(type, 'anyCertificate')?.name,
    redirects: settingOf(type, 'redirects')?.name,
    clientCertificate: settingOf(type, 'clientCertificate')?.name,
    clientKey: settingOf(type, 'clientKey')?.name,
    clientKeyPassphrase: settingOf(type, 'clientKeyPassphrase')?.name,
    authorities: settingOf(type, 'authorities')?.name,
    awsSignature: settingOf(type, 'awsSignature')?.name,
    authentication: authentication &&
      chooser && { setting: authentication.name, kind: chooser.name, kinds: chooser.options ?? [], headers: type.credentialHeaders },
  };
}
