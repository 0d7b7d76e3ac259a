import { screen, type Activity, type Flow } from './flow';
import { isObject, objects, text } from './json';

/** What an activity does, in one line. */
export function summaryOf(flow: Flow, item: Activity): string {
  switch (text(item['type'])) {
    case 'Screen': {
      const shown = screen(flow, text(item['screen']));
      return shown ? text(shown['title']) || text(shown['id']) : text(item['screen']);
    }
    case 'GenericHttp':
      return `${text(item['method']) || 'GET'} ${text(item['endpoint']) || '/'}`;
    case 'Database':
      return text(item['query']).replace(/\s+/g, ' ').trim() || text(item['connector']);
    case 'Condition': {
      const count = objects(item['branches']).length;
      return count === 1 ? '1 branch' : `${count} branches`;
    }
    case 'Scriptlet':
      return text(item['code']).replace(/\s+/g, ' ').trim();
    case 'SetUser':
      return isObject(item['user']) ? text(item['user']['userId']) : '';
    case 'VerifyPassword':
      return text(item['hash']);
    case 'CustomClaims':
      return isObject(item['claims']) ? Object.keys(item['claims']).join(', ') : '';
    case 'Subflow':
      return text(item['flow']);
    case 'Parallel':
      return objects(item['activities'])
        .map((inner) => text(inner['id']))
        .join(', ');
    case 'Restart':
      return 'Back to the start';
    case 'End':
      return [item['kind'] === 'refused' ? 'Refused' : '', text(item['name'])].filter(Boolean).join(': ') || 'Done';
    default:
      return text(item['description']);
  }
}
