import { createCipheriv, createHmac } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';

/** When a server sends its alert. */
type Moment = 'after ClientHello' | "after the client's certificate" | 'after the handshake';

export interface AlertingServerOptions {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly moment: Moment;
  /** The alert's number, or how the server closes the connection instead. */
  readonly alert: number | 'close' | 'reset';
}

const fatal = 2;
const alertType = 0x15;
const applicationDataType = 0x17;

/**
 * Starts a TLS server that ends every connection with an alert. Node.js cannot send alerts of one's choice, so this encrypts them with
 * the connection's own keys (RFC 8446, 5.2; RFC 5246, 6.2.3.3).
 */
export async function startAlertingServer(options: AlertingServerOptions): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => serve(socket, options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function serve(socket: Socket, { key, cert, version, moment, alert }: AlertingServerOptions): void {
  let secrets = '';
  let sent = Buffer.alloc(0);
  let flights = 0;
  let recordsBefore = 0;
  const refuse = (record: (number: number) => Buffer) => {
    if (alert === 'reset') socket.resetAndDestroy();
    else if (alert === 'close') socket.destroy();
    else socket.end(record(alert));
  };
  const plainRecord = (number: number) => Buffer.from([alertType, 3, 3, 0, 2, fatal, number]);
  socket.on('error', () => {});
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      sent = Buffer.concat([sent, chunk]);
      socket.write(chunk);
      done();
    },
  });
  socket.on('data', (chunk) => {
    flights += 1;
    if (moment === 'after ClientHello') return refuse(plainRecord);
    // Under TLS 1.2 the server encrypts nothing before it has taken the certificate.
    if (moment === "after the client's certificate" && flights === 2) return refuse(plainRecord);
    if (flights === 2) recordsBefore = countOf(sent, applicationDataType);
    stream.push(chunk);
  });
  if (moment === 'after ClientHello') return;
  const secureContext = createSecureContext({
    key,
    cert,
    minVersion: version,
    maxVersion: version,
    ciphers:
      version === 'TLSv1.3' ? 'TLS_AES_128_GCM_SHA256' : 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
  });
  const tls = new TLSSocket(stream, { isServer: true, secureContext, requestCert: true, rejectUnauthorized: false });
  tls.on('error', () => {});
  tls.on('keylog', (line: Buffer) => {
    secrets += line;
  });
  // The first data is CONNECT, which ends the handshake for both sides.
  tls.once('data', () => {
    refuse((number) => {
      const text = Buffer.from([fatal, number]);
      if (version === 'TLSv1.2') return record12(text, secretOf(secrets, 'CLIENT_RANDOM'), sent);
      // What was encrypted with the handshake's key came before; what follows has numbers from 0: session tickets.
      return record13(
        text,
        secretOf(secrets, 'SERVER_TRAFFIC_SECRET_0').secret,
        countOf(sent, applicationDataType) - recordsBefore,
      );
    });
  });
}

/** How many TLS records of a type there are in what was sent. */
function countOf(sent: Buffer, type: number): number {
  let count = 0;
  for (let at = 0; at + 5 <= sent.length; at += 5 + sent.readUInt16BE(at + 3)) if (sent[at] === type) count += 1;
  return count;
}

function secretOf(secrets: string, label: string): { random: Buffer; secret: Buffer } {
  const [, random, secret] = new RegExp(`^${label} ([0-9a-f]+) ([0-9a-f]+)$`, 'm').exec(secrets)!;
  return { random: Buffer.from(random, 'hex'), secret: Buffer.from(secret, 'hex') };
}

/** @param number - the record's number under the key */
function record13(text: Buffer, secret: Buffer, number: number): Buffer {
  const nonce = expandLabel(secret, 'iv', 12);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
  const head = Buffer.from([applicationDataType, 3, 3, 0, text.length + 1 + 16]);
  return Buffer.concat([
    head,
    seal(expandLabel(secret, 'key', 16), nonce, head, Buffer.concat([text, Buffer.from([alertType])])),
  ]);
}

function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

/** The alert is the second record under the key; the first is the server's Finished. */
function record12(text: Buffer, { random, secret }: { random: Buffer; secret: Buffer }, sent: Buffer): Buffer {
  // A ServerHello has its random behind the heads of record and message, and a version.
  const serverRandom = sent.subarray(11, 43);
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, random]);
  const hmac = (data: Buffer) => createHmac('sha256', secret).update(data).digest();
  let block = Buffer.alloc(0);
  for (let a = hmac(seed); block.length < 40; a = hmac(a)) {
    block = Buffer.concat([block, hmac(Buffer.concat([a, seed]))]);
  }
  const [key, salt] = [block.subarray(16, 32), block.subarray(36, 40)];
  const number = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
  const additional = Buffer.concat([number, Buffer.from([alertType, 3, 3, 0, text.length])]);
  const body = Buffer.concat([number, seal(key, Buffer.concat([salt, number]), additional, text)]);
  return Buffer.concat([Buffer.from([alertType, 3, 3, 0, body.length]), body]);
}

function seal(key: Buffer, nonce: Buffer, additional: Buffer, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(additional);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}
