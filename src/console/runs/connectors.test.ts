import { expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import { connectorsOf } from './connectors';

it('names each connector once, also those inside a Parallel', () => {
  expect(connectorsOf(login, catalogue)).toEqual(['profile-api', 'users-db']);
  const lanes = {
    id: 'both',
    type: 'Parallel',
    activities: [
      { id: 'a', type: 'GenericHttp', connector: 'z-api' },
      { id: 'b', type: 'GenericHttp', connector: 'a-api' },
      { id: 'c', type: 'GenericHttp', connector: 'a-api' },
    ],
  };
  expect(connectorsOf({ activities: [lanes] }, catalogue)).toEqual(['a-api', 'z-api']);
  expect(connectorsOf(null, catalogue)).toEqual([]);
});
