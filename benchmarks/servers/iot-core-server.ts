import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkFile, type ServerProcess } from './processes';

/** Bytes of a process's memory. */
export interface Memory {
  /** What is left after a garbage collection. */
  readonly needed: number;
  /** What the operating system has given it. */
  readonly held: number;
}

/** What the process sends: its port once it serves, an error that it logs or fails with, and its memory for each question. */
export type IotCoreMessage = { readonly port: number } | { readonly error: string } | { readonly memory: Memory };

/** IoT Core Local in a process of its own, which ends with this one. */
export class IotCoreServer implements ServerProcess {
  /**
   * @param folder - has the certificate authority, in `local/.certificate-authority`
   * @param templateFiles - what IoT Core Local deploys: a file for each stack, with the stack's name
   * @throws Error when it does not start, with its reason
   */
  static async start(folder: string, templateFiles: readonly string[]): Promise<IotCoreServer> {
    const child = forkFile('benchmarks/servers/iot-core-process.ts', [folder, ...templateFiles]);
    const server = new IotCoreServer(child);
    try {
      server.servedPort = await server.next('port');
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return server;
  }

  /** Never fulfilled. Rejected when the process ends, or reports an error. */
  readonly failed: Promise<never>;
  private servedPort = 0;

  private constructor(private readonly child: ChildProcess) {
    this.failed = new Promise((_, reject) => {
      child.once('exit', (code, signal) => reject(new Error(`IoT Core Local's process ended (${signal ?? code}).`)));
      child.on('message', (message: IotCoreMessage) => {
        if ('error' in message) reject(new Error(`IoT Core Local reported an error: ${message.error}`));
      });
    });
    this.failed.catch(() => {});
  }

  get port(): number {
    return this.servedPort;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Its memory now. @throws Error as {@link failed} */
  memory(): Promise<Memory> {
    const memory = this.next<Memory>('memory');
    this.child.send({});
    return memory;
  }

  async stop(): Promise<void> {
    if (!this.child.connected) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }

  private next<T>(kind: 'port' | 'memory'): Promise<T> {
    const answer = new Promise<T>((resolve) => {
      const listener = (message: object) => {
        if (!(kind in message)) return;
        this.child.off('message', listener);
        resolve((message as Record<string, T>)[kind]);
      };
      this.child.on('message', listener);
    });
    return Promise.race([answer, this.failed]);
  }
}
