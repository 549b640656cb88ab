// Sockets, and what a test waits for, go on as they do.
const real = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

/** Has time stand still for IoT Core Local's clock and its ticks, until `jest.useRealTimers()`. */
export function holdTime(): void {
  jest.useFakeTimers({ doNotFake: [...real] });
}

/** Lets so many seconds pass. */
export function wait(seconds: number): void {
  jest.advanceTimersByTime(seconds * 1000);
}
