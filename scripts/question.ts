import { createInterface } from 'node:readline/promises';

/** Where a question is asked and answered. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Takes the question back, which is an answer of no. */
  readonly signal?: AbortSignal;
}

/** Whether a person answers "yes" to a question. Any other answer, none, and Ctrl-C are no. */
export async function isAgreed(question: string, { input, output, signal }: Conversation): Promise<boolean> {
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => lines.close());
    signal?.addEventListener('abort', () => lines.close(), { once: true });
  });
  try {
    const answer = await Promise.race([lines.question(`${question} `), closed]);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
