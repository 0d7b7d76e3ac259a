import { ApiError } from '../../api/client';
import { Notice } from '../../ui';

/** Why the server could not do with the draft what was asked, with the first problems of the draft where it named some. */
export function FailureNotice({ failure }: { failure: Error }) {
  const problems = failure instanceof ApiError ? failure.diagnostics : [];
  return (
    <Notice tone="danger" role="alert">
      {failure.message}
      {problems.length > 0 && (
        <ul className="notice-list">
          {problems.slice(0, 8).map((problem, index) => (
            <li key={index}>{problem.message}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
