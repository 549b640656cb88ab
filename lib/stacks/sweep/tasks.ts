/** Something that is not done. */
export interface Left {
  /** What was to be done: `detaching the policy "car1" from …`. */
  readonly what: string;
  /** Why it is not done. */
  readonly why: string;
  /** Whether another try may help; `at first` if only in the first minute. */
  readonly retry: boolean | 'at first';
  /** Whether the work succeeds without it. It is tried as often as anything else, then it is logged. */
  readonly isOptional?: boolean;
}

/** A piece of work that can be tried any number of times: it leaves alone what is done already. */
export interface Task {
  readonly name: string;
  /** Does what can be done now. @returns what is left */
  run(): Promise<readonly Left[]>;
}

/** How long tasks are worked on, and the waits between their tries. */
export interface Timing {
  /** Ends the work, finished or not. */
  readonly signal: AbortSignal;
  /** A monotonic clock, in milliseconds. */
  now(): number;
  /** Waits before what is left is tried again. */
  pause(signal: AbortSignal): Promise<unknown>;
}

/** The most things that an error's message names. CloudFormation takes a reason of 4,096 bytes. */
const mostNamed = 6;

/** Work that ended with something left that it needs. Its message names what is left. */
class Unfinished extends Error {
  constructor(readonly left: readonly Left[]) {
    const sentences = [...new Set(left.map(sentenceOn))];
    const more = sentences.length > mostNamed ? `; and ${sentences.length - mostNamed} more` : '';
    super(`Still to do: ${sentences.slice(0, mostNamed).join('; ')}${more}.`);
  }
}

function sentenceOn({ what, why }: Left): string {
  return `${what} (${why})`;
}

/**
 * How long IAM may take to know the rights of a role that were just created, in milliseconds. It does not say; mostly it takes seconds.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
 */
const untilRightsAreKnown = 60_000;

const noTime = 'no time was left';

/**
 * Runs the tasks one after another, and again those that left something. It ends when nothing is left, when no other try may help, or when
 * the signal ends it. A task that fails does not stop the others.
 *
 * One after another, because AWS IoT answers no more than 10 lists a second:
 * https://docs.aws.amazon.com/general/latest/gr/iot-core.html
 *
 * @throws Unfinished when something is left that is not optional
 */
export async function carryOut(tasks: readonly Task[], { signal, now, pause }: Timing): Promise<void> {
  const began = now();
  const mayHelp = ({ retry }: Left) => (retry === 'at first' ? now() - began < untilRightsAreKnown : retry);
  const open = new Map<Task, readonly Left[]>();
  for (const task of tasks) open.set(task, [{ what: task.name, why: noTime, retry: true }]);
  try {
    while (open.size > 0) {
      for (const task of [...open.keys()]) {
        signal.throwIfAborted();
        const left = await task.run();
        if (left.length > 0) open.set(task, left);
        else open.delete(task);
      }
      if (![...open.values()].flat().some(mayHelp)) break;
      await pause(signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const left = [...open.values()].flat();
  for (const optional of left.filter(({ isOptional }) => isOptional)) console.log(`Not done: ${sentenceOn(optional)}`);
  const needed = left.filter(({ isOptional }) => !isOptional);
  if (needed.length > 0) throw new Unfinished(needed);
}

/** Tries to do something to a resource. A resource that is gone needs nothing done. @returns what is left */
export async function tryOnce(what: string, work: () => Promise<unknown>): Promise<readonly Left[]> {
  try {
    await work();
    return [];
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ResourceNotFoundException') return [];
    if (name === 'AbortError') return [{ what, why: noTime, retry: true }];
    return [{ what, why: `${name}: ${message}`, retry: mayPass(error) }];
  }
}

/** The fields of an exception of the AWS SDK; of an error of the network, the code alone. */
interface Exception {
  readonly name: string;
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * Whether an exception may pass by itself. Throttling does, which CloudFormation calls Throttling and AWS IoT ThrottlingException. So do the
 * service's own faults, a call without an answer, and a broken connection. A denial may be of rights that IAM does not know yet. A
 * certificate's state may have changed since it was read.
 *
 * @see https://github.com/aws/aws-cdk/issues/5637 for the name Throttling
 */
function mayPass(error: unknown): Left['retry'] {
  const { name, code } = error as Exception;
  if (/^(AccessDenied(Exception)?|ForbiddenException|UnauthorizedException)$/.test(name)) return 'at first';
  if (isFaultOfService(error)) return true;
  if (/^(Throttling(Exception)?|CertificateStateException|TimeoutError)$/.test(name)) return true;
  return /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code ?? '');
}

/** An exception that the SDK does not know by name counts as the client's fault, whatever its HTTP status is. */
function isFaultOfService(error: unknown): boolean {
  const { $fault, $metadata } = error as Exception;
  return $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/** Whether AWS says that it has not done what was asked. After any other failure it may have done it, without an answer. */
export function isRefusal(error: unknown): boolean {
  return (error as Exception).$fault === 'client' && !isFaultOfService(error);
}
