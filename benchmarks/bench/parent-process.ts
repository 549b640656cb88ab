/**
 * Answers each message of the parent process with one, and ends with the parent.
 *
 * @param answer - a failure of it ends this process, with its stack on stderr and exit code 1
 */
export function answerParent<Request>(answer: (request: Request) => Promise<unknown>): void {
  process.on('message', (request: Request) => {
    answer(request).then((message) => process.send!(message), failProcess);
  });
  endWithParent();
}

/** Without its parent, a process would go on writing to a folder that is gone. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit());
}

/** Ends this process with an error's stack on stderr and exit code 1. */
export function failProcess(error: unknown): never {
  console.error(error);
  process.exit(1);
}
