import type { Layout } from '../forms';

const server = ['postgres', 'mysql', 'sqlserver'];

/** How the settings of each connector type are grouped. A setting that is not named here comes last, under "More". */
export const layouts: Record<string, Layout> = {
  http: {
    sections: [
      { title: 'Address', settings: ['baseUrl'] },
      { title: 'Authentication', settings: ['authentication'] },
      { title: 'Request and answer', settings: ['headers', 'includeHeadersInContext'] },
      { title: 'Signature', settings: ['hmacSecret'] },
      { title: 'Network', settings: ['useStaticIps', 'followRedirects', 'insecure'] },
      { title: 'Circuit breaker', settings: ['circuitBreaker'], folded: true },
    ],
  },
  sql: {
    sections: [
      { title: 'Database', settings: ['engine', 'host', 'port', 'database', 'file'] },
      { title: 'Sign-in', settings: ['username', 'password'] },
      { title: 'Connections', settings: ['ssl', 'maxPoolSize'] },
    ],
    when: {
      ...Object.fromEntries(
        ['host', 'port', 'database', 'username', 'password', 'ssl'].map((name) => [name, { setting: 'engine', is: server }]),
      ),
      file: { setting: 'engine', is: ['sqlite'] },
    },
    required: ['host', 'database', 'username', 'file'],
  },
};
