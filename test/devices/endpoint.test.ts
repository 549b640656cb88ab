import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { endpointFile, readEndpoint, writeEndpoint } from '../../lib/devices/endpoint';
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
