import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { exchangeAnswers } from './wire';

/**
 * The limit of what Node.js can do here: a TLS server that reads nothing of what it gets, and copies each chunk to the consumer and to one
 * group member in turn. It answers CONNECT and SUBSCRIBE so that the same load can be put on it.
 */
const [, , keyFile, certificateFile, rootFile] = process.argv;
const members: TLSSocket[] = [];
const consumers: TLSSocket[] = [];
let next = 0;

const server = createServer(
  {
    key: readFileSync(keyFile),
    cert: readFileSync(certificateFile),
    ca: readFileSync(rootFile),
    requestCert: true,
  },
  (socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    // Told by the first chunk after CONNECT: later ones are cut anywhere, and may begin with any byte.
    let isPublisher = false;
    socket.on('data', (chunk: Buffer) => {
      if (isPublisher) {
        copy(chunk, socket);
      } else if (chunk[0] === 0x10) {
        socket.write(exchangeAnswers.connack);
      } else if (chunk[0] === 0x82) {
        (chunk.includes('$share/') ? members : consumers).push(socket);
        socket.write(exchangeAnswers.suback);
      } else {
        isPublisher = true;
        copy(chunk, socket);
      }
    });
  },
);

function copy(chunk: Buffer, from: TLSSocket): void {
  const receivers = [...consumers, members[next++ % members.length]];
  for (const receiver of receivers) {
    if (receiver.write(chunk) || from.isPaused()) continue;
    from.pause();
    receiver.once('drain', () => from.resume());
  }
}

server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
