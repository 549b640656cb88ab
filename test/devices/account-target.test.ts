import { accountTarget } from '../../lib/devices/account-target';

test.each<[Record<string, string>, string]>([
  [{}, 'aws'],
  [{ FLEET_TARGET: '' }, 'aws'],
  [{ FLEET_TARGET: 'aws' }, 'aws'],
  [{ AWS_ENDPOINT_URL: '' }, 'aws'],
  [{ AWS_ENDPOINT_URL: 'https://vpce-1.iot.us-east-1.vpce.amazonaws.com' }, 'aws'],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:8884', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'aws'],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:8884', FLEET_TARGET: 'account' }, 'account'],
  [{ AWS_ENDPOINT_URL: 'http://simulation:5000', FLEET_TARGET: 'account' }, 'account'],
])('With %j the target is %s', (environment, target) => {
  expect(accountTarget(environment)).toBe(target);
});

test.each([
  'http://127.0.0.1:8884',
  'http://127.1.2.3',
  'http://localhost:8884/',
  'http://LOCALHOST',
  'http://iot.localhost:8884',
  'http://[::1]:8884',
  'http://0.0.0.0:8884',
])('The endpoint %s needs FLEET_TARGET=account, because it is this machine', (url) => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_IOT']) {
    for (const rest of [{}, { FLEET_TARGET: 'aws' }]) {
      expect(() => accountTarget({ [name]: url, ...rest })).toThrow(`${name} is ${url}, which is this machine`);
    }
  }
});

test.each([
  [{ FLEET_TARGET: 'account' }, 'no AWS_ENDPOINT_URL leads there'],
  [
    { FLEET_TARGET: 'account', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' },
    'AWS would be called',
  ],
  [{ FLEET_TARGET: 'local' }, 'FLEET_TARGET is account, or not set for AWS; it is "local".'],
])('%j is refused', (environment, message) => {
  expect(() => accountTarget(environment)).toThrow(message);
});
