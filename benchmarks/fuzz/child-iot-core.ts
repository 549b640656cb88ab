import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Target } from './live';

/** In bytes. */
export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

interface Message {
  readonly target?: Target;
  readonly memory?: Memory;
  readonly error?: string;
}

/** An IoT Core Local in a child process, whose end nobody can miss. */
export class ChildIotCore {
  static async start(): Promise<ChildIotCore> {
    const child = fork(join(__dirname, 'iot-core-process.ts'), { execArgv: ['--require', 'tsx/cjs', '--expose-gc'] });
    const core = new ChildIotCore(child);
    core.target = (await core.next('target')) as Target;
    return core;
  }

  /** Never fulfilled; rejected when the process ends, or logs an error of its own. */
  readonly failed: Promise<never>;
  target!: Target;

  private constructor(private readonly child: ChildProcess) {
    this.failed = new Promise((_, reject) => {
      child.once('exit', (code, signal) => reject(new Error(`IoT Core Local's process ended (${signal ?? code}).`)));
      child.on(
        'message',
        ({ error }: Message) => error && reject(new Error(`IoT Core Local logged an error: ${error}`)),
      );
    });
    this.failed.catch(() => {});
  }

  /** What it holds when all garbage is gone. */
  async memory(): Promise<Memory> {
    this.child.send({});
    return (await this.next('memory')) as Memory;
  }

  stop(): void {
    this.child.kill();
  }

  private async next(kind: keyof Message): Promise<unknown> {
    for (;;) {
      const [message] = await Promise.race([once(this.child, 'message'), this.failed]);
      if (kind in message) return message[kind];
    }
  }
}
