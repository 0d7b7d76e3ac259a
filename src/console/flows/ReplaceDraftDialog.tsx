import { useQueryClient } from '@tanstack/react-query';
import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import type { JsonObject } from '../api/types';
import { writeJson } from '../api/json';
import { Button, Dialog, Notice, toast, When } from '../ui';
import { ChangeList } from './ChangeList';
import { download } from './files';
import { keepDraftAs, replaceDraft, type Lost } from './replaceDraft';

interface Props {
  id: string;
  /** What is to be the draft. */
  definition: JsonObject;
  /** What it is, such as "version 3" or "the file login.flow.json". */
  what: string;
  /** The draft that is in its place. */
  lost: Lost;
  onClose: () => void;
  onReplaced: () => void;
}

/** A draft that nobody published is in the place of another: says what would be lost, and keeps it if the person wants. */
export function ReplaceDraftDialog({ id, definition, what, lost: first, onClose, onReplaced }: Props) {
  const queries = useQueryClient();
  const [lost, setLost] = useState(first);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  const replace = async (keep: boolean) => {
    setBusy(true);
    setFailure(undefined);
    try {
      if (keep) {
        const copy = await keepDraftAs(id, lost.draft.definition);
        void queries.invalidateQueries({ queryKey: ['flows'] });
        toast(`The draft is kept as the flow ${copy}.`);
      }
      const newer = await replaceDraft(id, definition, lost.draft.revision);
      if (newer) setLost(newer);
      else onReplaced();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Replace the draft that is there?"
      description={
        <>
          {lost.draft.author || 'Somebody'} saved a draft of {lost.name} <When at={lost.draft.updatedAt} />, which was not published. With{' '}
          {what} in its place, it is lost.
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={busy} onClick={() => void replace(false)}>
            Replace the draft
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="danger" role="alert">
          {failure}
        </Notice>
      )}
      {lost.draft.revision !== first.draft.revision && (
        <Notice tone="warning" role="status">
          The draft was changed meanwhile. This is what it holds now.
        </Notice>
      )}
      <section aria-label="What would be lost">
        <h3>What would be lost</h3>
        {lost.changes ? (
          <>
            <p className="muted">Changes since version {lost.published}:</p>
            <ChangeList changes={lost.changes} empty="Only where activities stand." />
          </>
        ) : (
          <p>All of it: the flow was never published, so the draft is the only place where it is.</p>
        )}
      </section>
      <div className="row">
        <Button size="small" icon={<Copy />} busy={busy} onClick={() => void replace(true)}>
          Keep it as another flow, then replace
        </Button>
        <Button
          size="small"
          icon={<Download />}
          onClick={() => download(`${id}.draft.flow.json`, `${writeJson(lost.draft.definition, 2)}\n`)}
        >
          Export it as a file
        </Button>
      </div>
    </Dialog>
  );
}
