/** AWS answers 10 ListThingPrincipals a second: a few devices at a time reach that, more would only be throttled. */
const few = 4;

/**
 * Calls `work` for each item, for a few at the same time. After a failure it begins no more, and ends when those that have begun have
 * ended, so that nothing runs on.
 *
 * @param most - how many calls run at the same time
 * @throws what the work throws first
 */
export async function fewAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>, most = few): Promise<void> {
  const waiting = [...items].reverse();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (waiting.length > 0 && failures.length === 0) {
      try {
        await work(waiting.pop()!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  if (failures.length > 0) throw failures[0];
}
