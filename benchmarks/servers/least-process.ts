import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { LeastConnection } from './least-connection';

/**
 * The limit of what a server on Node.js can do: it parses packets, picks a member of the one group, copies, acknowledges, and does no more.
 *
 * It checks no packet and no right, keeps no session, and does not wait for a PUBACK.
 */
const [, , keyFile, certificateFile, rootFile] = process.argv;
const options = {
  key: readFileSync(keyFile),
  cert: readFileSync(certificateFile),
  ca: readFileSync(rootFile),
  requestCert: true,
};
const server = createServer(options, (socket) => new LeastConnection(socket));

server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
