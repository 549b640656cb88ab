/** Milliseconds. AWS's SDK waits for an answer without an end, but other clients of HTTP do not. */
const longestWait = 20_000;

/**
 * Waits until an operation is done, but not for long.
 *
 * AWS answers at once, and its clients then ask again every few seconds. An answer that comes when the operation is done spares them that.
 */
export async function untilDone(operation: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, longestWait);
  });
  try {
    await Promise.race([operation, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
