/** How long what tests share lives. */
export interface Lifetime {
  /** Whether each test has one of its own. @default false - all tests of the file, or of the `describe` block, share it */
  readonly forEachTest?: boolean;
}

/** The hooks that begin and end a lifetime. */
export function hooksOf({ forEachTest = false }: Lifetime) {
  return forEachTest ? ([beforeEach, afterEach] as const) : ([beforeAll, afterAll] as const);
}

/** What a hook makes. It is empty until then, so it is there for tests and for later hooks, not for the code around them. */
export function madeBy<T extends object>(hook: typeof beforeAll, make: () => Promise<T>, timeout?: number): T {
  const made = {} as T;
  hook(async () => {
    Object.assign(made, await make());
  }, timeout);
  return made;
}
