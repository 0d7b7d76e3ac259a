import { Bug } from 'lucide-react';
import { useRouteError } from 'react-router';
import { Button, Empty } from '../ui';

/** Stands in for a page that broke. A chunk that is gone means that the server was updated: loading the page anew helps. */
export function Crash() {
  const error = useRouteError();
  return (
    <Empty
      icon={<Bug />}
      title="This page broke"
      action={
        <Button kind="primary" onClick={() => window.location.reload()}>
          Load it again
        </Button>
      }
    >
      {error instanceof Error ? error.message : 'Something unexpected happened.'} What you saved is safe on the server.
    </Empty>
  );
}
