import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { LocalIotCore } from '../../lib/iot-core-local/local-iot-core';
import { type Credentials, secureContextOf } from '../support/secure-context';

/** Milliseconds to wait for an answer. */
const answerTimeout = 2000;

/** A client that sends bytes and receives bytes. It returns them in hexadecimal, so that a failing test is readable. */
export class Party {
  static async connect(
    { port, rootCaPem }: Pick<LocalIotCore, 'port' | 'rootCaPem'>,
    credentials: Credentials,
  ): Promise<Party> {
    const socket = connect({ host: '127.0.0.1', port, secureContext: secureContextOf(credentials, rootCaPem) });
    await once(socket, 'secureConnect');
    return new Party(socket);
  }

  private received = Buffer.alloc(0);
  private isOver = false;

  private constructor(private readonly socket: TLSSocket) {
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      socket.emit('progress');
    });
    // A reset is one of the ways in which a connection ends, and 'close' follows it.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.isOver = true;
      socket.emit('progress');
    });
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** The next bytes: this number, or fewer if no more come. */
  async take(count: number): Promise<string> {
    await this.until(() => this.received.length >= count);
    const bytes = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return bytes.toString('hex');
  }

  /** All that comes until the connection is closed. */
  async rest(): Promise<string> {
    await this.until(() => false);
    return this.received.toString('hex') + (this.isOver ? '' : ' and the connection is kept');
  }

  /** Closes this side of the connection, without a DISCONNECT. When the other side closes too, it has handled the end. */
  leave(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async until(isEnough: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(answerTimeout);
    while (!isEnough() && !this.isOver && !signal.aborted) {
      await once(this.socket, 'progress', { signal }).catch(() => {});
    }
  }
}
