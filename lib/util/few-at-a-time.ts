/** AWS answers 10 ListThingPrincipals a second. A few devices at a time reach that rate; more would be throttled. */
const few = 4;

/** Does the work for each item, for a few of them at the same time. @throws what the work throws */
export async function fewAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items].reverse();
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) await work(waiting.pop()!);
  };
  await Promise.all(Array.from({ length: few }, worker));
}
