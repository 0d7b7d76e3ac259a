import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { api } from '../api/client';
import type { JsonObject, RunDetail } from '../api/types';
import { Button, CopyButton, Dialog, Failed, Loading, Notice, toast } from '../ui';

interface CaseAnswer {
  case: JsonObject;
  fileName: string;
  warnings: (string | { message: string })[];
}

/** Shows a run as a golden case, and saves it as a file. */
export function CaseDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const golden = useQuery({
    queryKey: ['run', String(run.number), 'case', run.updatedAt],
    queryFn: ({ signal }) => api.get<CaseAnswer>(`/api/runs/${run.number}/case`, signal),
    staleTime: Infinity,
  });
  const content = golden.data ? `${JSON.stringify(golden.data.case, null, 2)}\n` : '';

  const download = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
    link.download = golden.data!.fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    toast(`Saved ${golden.data!.fileName}`);
    onClose();
  };

  return (
    <Dialog open onClose={onClose} size="large" title={`Run ${run.number} as a test case`}
      description={<>The run as a golden case: the answers, the connectors’ replies, and what came of it. <code>flowengine test</code> runs it without calling any live system.</>}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" icon={<Download />} disabled={!golden.data} onClick={download}>Download</Button>
        </>
      }>
      {golden.isPending && <Loading />}
      {golden.isError && <Failed error={golden.error} onRetry={() => void golden.refetch()} />}
      {golden.data && (
        <>
          {golden.data.warnings.length > 0 && (
            <Notice tone="warning">
              <ul className="plain-list">
                {golden.data.warnings.map((warning, index) => <li key={index}>{typeof warning === 'string' ? warning : warning.message}</li>)}
              </ul>
            </Notice>
          )}
          <div className="case-file">
            <code>{golden.data.fileName}</code>
            <CopyButton text={content} label="Copy the case" />
          </div>
          <pre className="code-block case-content" tabIndex={0} aria-label="The case">{content}</pre>
        </>
      )}
    </Dialog>
  );
}
