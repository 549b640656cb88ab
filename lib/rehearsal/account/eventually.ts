import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two tries. */
const interval = 2_000;

/**
 * Repeats a call while AWS refuses it because of something that it has not caught up with.
 *
 * @param settleTime - milliseconds after which it gives up; with 0 it calls once
 * @throws what the call throws in the end, or at once if the refusal has another reason
 */
export async function eventually<T>(call: () => Promise<T>, settleTime: number): Promise<T> {
  for (const end = performance.now() + settleTime; ; await sleep(interval)) {
    try {
      return await call();
    } catch (error) {
      const mayPass = /^(DeleteConflict|InvalidRequest|CertificateState|Throttling|ServiceUnavailable)/.test(
        (error as Error).name,
      );
      if (!mayPass || performance.now() >= end) throw error;
    }
  }
}

/**
 * Asks again until the answer is empty.
 *
 * @param settleTime - milliseconds after which the answer is taken as it is; with 0 it asks once
 */
export async function emptyEventually<T>(ask: () => Promise<readonly T[]>, settleTime: number): Promise<readonly T[]> {
  for (const end = performance.now() + settleTime; ; await sleep(interval)) {
    const answer = await ask();
    if (answer.length === 0 || performance.now() >= end) return answer;
  }
}
