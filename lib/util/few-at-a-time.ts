/** AWS answers 10 ListThingPrincipals a second: a few devices at a time reach that, more would only be throttled. */
const few = 4;

/** Does for each of them what is to be done, for a few at the same time. @throws what the work throws */
export async function fewAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items].reverse();
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) await work(waiting.pop()!);
  };
  await Promise.all(Array.from({ length: few }, worker));
}
