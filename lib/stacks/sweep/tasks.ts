/** Something that is not done. */
export interface Left {
  /** What was to be done: `detaching the policy "car1" from …`. */
  readonly what: string;
  /** Why it is not done. */
  readonly why: string;
  /** Whether trying again in a while may help. */
  readonly retry: boolean;
}

/** A piece of work that can be tried as often as need be: what is done already, it leaves alone. */
export interface Task {
  readonly name: string;
  /** Does what can be done now and says what is left; nothing left is done. */
  run(): Promise<readonly Left[]>;
}

export interface Pace {
  /** Ends the work, finished or not. */
  readonly signal: AbortSignal;
  /** The wait before what is left is tried again. */
  pause(signal: AbortSignal): Promise<unknown>;
}

/** Work that ended with something left. Its message names each thing. */
class Unfinished extends Error {
  constructor(readonly left: readonly Left[]) {
    const sentences = new Set(left.map(({ what, why }) => `${what} (${why})`));
    super(`Still to do: ${[...sentences].join('; ')}.`);
  }
}

/**
 * Runs the tasks one after another, and those with something left again, until nothing is left, or nothing that another try may help,
 * or the signal ends it. One task's failure keeps no other from its turn.
 *
 * One after another because AWS IoT lists no more than 10 times a second:
 * https://docs.aws.amazon.com/general/latest/gr/iot-core.html
 *
 * @throws Unfinished when something is left
 */
export async function carryOut(tasks: readonly Task[], { signal, pause }: Pace): Promise<void> {
  const open = new Map<Task, readonly Left[]>();
  for (const task of tasks) open.set(task, [{ what: task.name, why: 'no time was left to begin', retry: true }]);
  try {
    while (open.size > 0) {
      for (const task of [...open.keys()]) {
        signal.throwIfAborted();
        const left = await task.run();
        if (left.length > 0) open.set(task, left);
        else open.delete(task);
      }
      if (![...open.values()].flat().some(({ retry }) => retry)) break;
      await pause(signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (open.size > 0) throw new Unfinished([...open.values()].flat());
}

/** Tries to do something to a resource. A resource that is gone needs nothing done to it. */
export async function attempt(what: string, work: () => Promise<unknown>): Promise<readonly Left[]> {
  try {
    await work();
    return [];
  } catch (error) {
    const { name, message } = error as Error;
    return name === 'ResourceNotFoundException' ? [] : [{ what, why: `${name}: ${message}`, retry: mayPass(error) }];
  }
}

/** Being too fast passes, and so do the service's own faults. A refusal stays one; broken connections the SDK has tried to mend. */
function mayPass(error: unknown): boolean {
  const { name, $fault } = error as { name: string; $fault?: 'client' | 'server' };
  return name === 'ThrottlingException' || $fault === 'server';
}
