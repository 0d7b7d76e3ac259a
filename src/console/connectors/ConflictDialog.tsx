import { writeJson } from '../api/json';
import type { ConnectorDetail, Json, JsonObject } from '../api/types';
import { labelOf, segmentsOf } from '../forms';
import { Button, Dialog, When } from '../ui';
import { differences } from './definition';

/** Somebody else saved meanwhile: which of the two is to stay. */
export function ConflictDialog({
  mine,
  theirs,
  busy,
  onClose,
  onTheirs,
  onMine,
}: {
  mine: JsonObject;
  theirs: ConnectorDetail;
  busy: boolean;
  onClose: () => void;
  onTheirs: () => void;
  onMine: () => void;
}) {
  const found = differences(mine, theirs.definition);
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={`${theirs.author || 'Somebody'} saved this connector meanwhile`}
      description={
        <>
          Saved <When at={theirs.updatedAt} />. Nothing of yours was saved yet. Choose which to keep, or go back to your changes.
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Back to my changes</Button>
          <Button onClick={onTheirs}>Load theirs</Button>
          <Button kind="danger" busy={busy} onClick={onMine}>
            Overwrite with mine
          </Button>
        </>
      }
    >
      {found.length === 0 ? (
        <p>Both say the same; a secret that one of you entered may differ.</p>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">Yours</th>
                <th scope="col">Theirs</th>
              </tr>
            </thead>
            <tbody>
              {found.map(({ pointer, mine: my, theirs: their }) => {
                const isHidden = /secret|password|token/i.test(pointer);
                return (
                  <tr key={pointer}>
                    <th scope="row">
                      {segmentsOf(pointer)
                        .filter((segment) => segment !== 'configuration')
                        .map(labelOf)
                        .join(' › ')}
                    </th>
                    <td data-label="Yours">
                      <code>{shown(my, isHidden)}</code>
                    </td>
                    <td data-label="Theirs">
                      <code>{shown(their, isHidden)}</code>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}

const shown = (value: Json | undefined, isHidden: boolean): string =>
  value === undefined
    ? 'not set'
    : isHidden && typeof value === 'string' && !/^(env|file):/.test(value)
      ? value === '***'
        ? 'as it is stored'
        : 'entered anew'
      : typeof value === 'string'
        ? value
        : writeJson(value);
