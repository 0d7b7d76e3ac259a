import { useQuery } from '@tanstack/react-query';
import { Network } from 'lucide-react';
import { api } from '../api/client';
import type { Egress, JsonObject, Setting } from '../api/types';
import { labelOf, withMember } from '../forms';
import { counted } from '../text/counted';
import { Button, CopyButton, copyText, Empty, Failed, Loading, Notice, Switch, toast, toastError } from '../ui';
import { configurationOf } from './definition';

/** The addresses that requests leave from, to copy into an allow-list. */
export function StaticIpsTab({
  setting,
  definition,
  onChange,
  disabled,
}: {
  /** The setting that turns them on. */
  setting: Setting;
  definition: JsonObject;
  onChange: (definition: JsonObject) => void;
  disabled: boolean;
}) {
  const egress = useQuery({ queryKey: ['egress'], queryFn: ({ signal }) => api.get<Egress>('/api/egress', signal) });
  const configuration = configurationOf(definition);
  const isOn = configuration[setting.name] === true;
  if (egress.isPending)
    return (
      <div className="card">
        <Loading />
      </div>
    );
  if (egress.isError)
    return (
      <div className="card">
        <Failed error={egress.error} onRetry={() => void egress.refetch()} />
      </div>
    );
  const { addresses, staticIps, proxies } = egress.data;
  const isConfigured = staticIps.length > 0 || proxies.length > 0;

  if (!isConfigured)
    return (
      <div className="card">
        <Empty icon={<Network />} title="No static IPs are configured">
          An operator sets them in the server’s settings: <code>Egress:StaticIps</code> for addresses of this machine, or{' '}
          <code>Egress:Proxies</code> for proxies with a fixed address. Until then a connector that asks for them cannot be saved.
        </Empty>
        {isOn && (
          <div className="card-body">
            <Notice tone="danger">
              This connector asks for static IPs. Turn “{labelOf(setting)}” off, or ask an operator to configure them.
            </Notice>
          </div>
        )}
      </div>
    );
  const copyAll = async () => {
    try {
      await copyText(addresses.join('\n'));
      toast(`Copied ${counted(addresses.length, 'address', 'addresses')}.`);
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <section className="card" aria-label="Static IPs">
      <div className="card-head">
        <h2>Addresses to allow</h2>
        {addresses.length > 1 && (
          <Button size="small" onClick={() => void copyAll()}>
            Copy all
          </Button>
        )}
      </div>
      <div className="card-body stack">
        <Switch
          label={labelOf(setting)}
          checked={isOn}
          disabled={disabled}
          onChange={(event) =>
            onChange({ ...definition, configuration: withMember(configuration, setting.name, event.target.checked ? true : undefined) })
          }
        />
        <p className="muted">
          {isOn
            ? 'Requests of this connector leave from these addresses. Allow them in the API’s gateway or firewall.'
            : 'With static IPs on, requests of this connector leave from these addresses only.'}
        </p>
        {addresses.length === 0 ? (
          <Notice tone="warning">
            The operator configured proxies but did not say from which addresses they send (<code>Egress:PublicAddresses</code>). Ask for
            them.
          </Notice>
        ) : (
          <ul className="address-list">
            {addresses.map((address) => (
              <li key={address}>
                <code>{address}</code>
                <CopyButton text={address} label={`Copy ${address}`} />
              </li>
            ))}
          </ul>
        )}
        {proxies.length > 0 && (
          <p className="field-hint">
            Through {proxies.length === 1 ? 'the proxy' : 'the proxies'} {proxies.join(', ')}.
          </p>
        )}
      </div>
    </section>
  );
}
