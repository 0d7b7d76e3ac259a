import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { api } from '../api/client';
import { writeJson } from '../api/json';
import type { JsonObject, RunDetail } from '../api/types';
import { useSchema } from '../forms/useSchema';
import { catalogueOf } from '../graph/ports';
import { exportConnector, exportFlow, download as save } from '../flows/files';
import { Button, CopyButton, Dialog, Failed, Loading, Notice, toast, toastError } from '../ui';
import { connectorsOf } from './connectors';

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
  const content = golden.data ? `${writeJson(golden.data.case, 2)}\n` : '';

  const schema = useSchema().data;
  const connectors = schema ? connectorsOf(run.definition, catalogueOf(schema)) : [];

  const download = () => {
    save(golden.data!.fileName, content);
    toast(`Saved ${golden.data!.fileName}`);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={`Run ${run.number} as a test case`}
      description={
        <>
          The run as a golden case: the answers, the connectors’ replies, and what came of it. <code>flowengine test</code> runs it without
          calling any live system.
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" icon={<Download />} disabled={!golden.data} onClick={download}>
            Download
          </Button>
        </>
      }
    >
      {golden.isPending && <Loading />}
      {golden.isError && <Failed error={golden.error} onRetry={() => void golden.refetch()} />}
      {golden.data && (
        <>
          {golden.data.warnings.length > 0 && (
            <Notice tone="warning">
              <ul className="plain-list">
                {golden.data.warnings.map((warning, index) => (
                  <li key={index}>{typeof warning === 'string' ? warning : warning.message}</li>
                ))}
              </ul>
            </Notice>
          )}
          <div className="case-file">
            <code>{golden.data.fileName}</code>
            <CopyButton text={content} label="Copy the case" />
          </div>
          <pre className="code-block case-content" tabIndex={0} aria-label="The case">
            {content}
          </pre>
          <div className="case-needs">
            <p>
              Keep it in <code>cases/</code> and run <code>flowengine test cases</code>. In the folder above it needs the flow and its
              connectors, which are only read, never called:
            </p>
            <ul className="case-files">
              <li>
                <Button
                  size="small"
                  kind="quiet"
                  icon={<Download />}
                  onClick={() => void exportFlow(run.flowId, 'flow', run.flowVersion).catch(toastError)}
                >{`${run.flowId}.flow.json`}</Button>
              </li>
              {connectors.map((id) => (
                <li key={id}>
                  <Button
                    size="small"
                    kind="quiet"
                    icon={<Download />}
                    onClick={() => void exportConnector(id).catch(toastError)}
                  >{`connectors/${id}.connector.json`}</Button>
                </li>
              ))}
            </ul>
          </div>
        </>
      )}
    </Dialog>
  );
}
