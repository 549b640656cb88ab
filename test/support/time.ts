// What stays real: sockets need it, and so do tests that wait for an event. Both clocks of IoT Core Local are held.
const real = ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] as const;

/** Stops IoT Core Local's clocks and its ticks, until `jest.useRealTimers()`. */
export function holdTime(): void {
  jest.useFakeTimers({ doNotFake: [...real] });
}

/** Lets this many seconds pass. */
export function wait(seconds: number): void {
  jest.advanceTimersByTime(seconds * 1000);
}
