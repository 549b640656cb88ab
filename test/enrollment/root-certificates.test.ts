import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { amazonRoots, rootsOf } from '../../lib/enrollment/root-certificates';
import { useAccount } from '../support/use-account';

const account = useAccount();

test('Amazon’s roots are the four that AWS wants devices to trust', () => {
  const pems = amazonRoots().match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  expect(pems.map((pem) => new X509Certificate(pem).subject.split('\n').at(-1)).sort()).toEqual(
    [1, 2, 3, 4].map((number) => `CN=Amazon Root CA ${number}`),
  );
});

test('The root of an IoT Core Local is its own', async () => {
  expect(await rootsOf(account.fixture.iotCore.apiUrl)).toBe(account.fixture.iotCore.rootCaPem);
});

test.each([
  ['no endpoint', undefined],
  ['an endpoint where nothing listens', 'http://127.0.0.1:1'],
  ['an endpoint that is no URL', 'nonsense'],
])('With %s the roots are Amazon’s', async (_, apiUrl) => {
  expect(await rootsOf(apiUrl)).toBe(amazonRoots());
});

test.each([
  ['answers with an error', 404, 'not found'],
  ['answers with something else', 200, '<html></html>'],
])('The roots are Amazon’s if another service %s', async (_, status, body) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    expect(await rootsOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toBe(amazonRoots());
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
