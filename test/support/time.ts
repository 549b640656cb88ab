// What stays real: sockets need them, and so do tests that wait for an event.
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

/** Stops IoT Core Local's clock and its ticks, until `jest.useRealTimers()`. */
export function holdTime(): void {
  jest.useFakeTimers({ doNotFake: [...real] });
}

/** Lets this many seconds pass. */
export function wait(seconds: number): void {
  jest.advanceTimersByTime(seconds * 1000);
}
