import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  endpointFile,
  readEndpoint,
  regionOfEndpoint,
  warningOfOtherRegion,
  writeEndpoint,
} from '../../lib/devices/endpoint';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

test('Before npm run certs, the endpoint on AWS is not known', () => {
  expect(() => readEndpoint('aws', root)).toThrow(
    /endpoint\.json is missing\. Run npx cdk deploy --all, then npm run certs/,
  );
});

test.each([
  ['abc-ats.iot.eu-central-1.amazonaws.com', { host: 'abc-ats.iot.eu-central-1.amazonaws.com', port: 8883 }],
  ['127.0.0.1:18883', { host: '127.0.0.1', port: 18883 }],
])('%s is kept', (address, endpoint) => {
  writeEndpoint(address, root);
  expect(readEndpoint('aws', root)).toEqual(endpoint);
});

test.each(['', '{}', 'null', '{"endpointAddress": ""}', '{"endpointAddress": "a b"}'])(
  '%j is not an endpoint',
  (text) => {
    const file = endpointFile(root);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    expect(() => readEndpoint('aws', root)).toThrow(/endpoint\.json holds no endpoint: .*Run npm run certs/);
  },
);

test("IoT Core Local's endpoint is on this machine", () => {
  expect(readEndpoint('local', root)).toEqual({ host: '127.0.0.1', port: 8883 });
});

test.each([
  ['abc-ats.iot.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['abc.ats.iot.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['mqtt.example.com', undefined],
  ['127.0.0.1', undefined],
])('The endpoint %s is in Region %s', (host, region) => {
  expect(regionOfEndpoint(host)).toBe(region);
});

describe('the Region that the CDK uses', () => {
  const enrolled = 'abc-ats.iot.eu-central-1.amazonaws.com';

  test('Another Region than the one in which the devices are enrolled is warned of, with both named and the next step', () => {
    writeEndpoint(enrolled, root);
    expect(warningOfOtherRegion('eu-west-1', root, 'aws')).toMatch(
      /enrolled in Region eu-central-1, as \S+endpoint\.json says, but the CDK uses eu-west-1\. .* set AWS_REGION=eu-central-1\./,
    );
  });

  test.each([
    ['the same Region', enrolled, 'eu-central-1'],
    ['a Region that is not known', enrolled, undefined],
    ['an endpoint without a Region', '127.0.0.1:18883', 'eu-west-1'],
  ])('Nothing is warned of with %s', (_name, address, region) => {
    writeEndpoint(address, root);
    expect(warningOfOtherRegion(region, root, 'aws')).toBeUndefined();
  });

  test.each(['account', 'aws'] as const)('Nothing is warned of before devices of %s are enrolled', (target) => {
    expect(warningOfOtherRegion('eu-west-1', join(root, 'none'), target)).toBeUndefined();
  });
});
