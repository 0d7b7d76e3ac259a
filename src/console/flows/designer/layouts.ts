import type { Layout } from '../../forms';

const writing = { setting: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], unlessGiven: true };

/** How the forms of some types are laid out: what is always needed first, the rest folded. */
export const layouts: Record<string, Layout> = {
  GenericHttp: {
    sections: [
      { title: 'Request', settings: ['connector', 'method', 'endpoint', 'query', 'headers', 'bodyType', 'body'] },
      { title: 'Result', settings: ['contextKey', 'successStatusCodes', 'responseFormat'] },
      { title: 'Time and retries', settings: ['timeout', 'retry', 'async'], folded: true },
    ],
    // A request that reads seldom has a body; one that has is shown with it, for it is sent.
    when: { body: writing, bodyType: writing },
  },
  Database: {
    sections: [
      { title: 'Query', settings: ['connector', 'query', 'contextKey'] },
      { title: 'Limits', settings: ['timeout', 'maxRows', 'readOnly'], folded: true },
    ],
  },
};
