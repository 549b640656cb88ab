// IoT Core Local, which moreover tells how much memory it needs: what is left when all that nothing refers to has been collected.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import '../servers/iot-core-process';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('message', () => {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send!({ needed: heapUsed + external, held: rss } satisfies Memory);
});

// Ctrl-C reaches every process of the terminal: this one goes on for its parent's last questions, and ends with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

/** Bytes. */
export interface Memory {
  readonly needed: number;
  /** Of the operating system's memory. */
  readonly held: number;
}
