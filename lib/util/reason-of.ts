/** The system's words in a message of Node.js, which adds the call and the path: "ENOENT: no such file or directory, open '/a'". */
const systemReason = /^E[A-Z0-9]+: [^,]+/;

/** What went wrong, in the words of an error. Of the system's errors without the call and the path. */
export function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return systemReason.exec(message)?.[0] ?? message;
}
