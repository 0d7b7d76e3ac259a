export const typeNames: Record<string, string> = { http: 'HTTP', sql: 'Database' };
