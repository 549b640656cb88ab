import { setTimeout as sleep } from 'node:timers/promises';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface CloudFormationAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  /** Required of a failure. */
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** The longest answer that CloudFormation takes, in bytes. */
const longest = 4096;

/** The waits between the tries to deliver an answer, in milliseconds. With the limit of each try, all tries take less than ten seconds. */
const defaultWaits = [500, 1_500];
const tryLimit = 2_500;

/**
 * Puts an answer to the URL that came with a request. A try that fails is repeated after each of the waits.
 *
 * @throws Error when CloudFormation could not be reached; its message never has the URL, which is a credential
 */
export async function answer(url: string, content: CloudFormationAnswer, waits = defaultWaits): Promise<void> {
  // As bytes: fetch would add a content type to text, and the URL is signed for a request without one.
  const body = Buffer.from(fitting(content));
  for (const wait of [...waits, undefined]) {
    try {
      const { ok, status } = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(tryLimit) });
      if (ok) return;
      throw new Error(`it answered with HTTP status ${status}`);
    } catch (error) {
      if (wait === undefined) throw new Error(`CloudFormation could not be answered: ${(error as Error).message}.`);
      await sleep(wait);
    }
  }
}

/** The answer as JSON, its reason cut to what CloudFormation takes. */
function fitting(content: CloudFormationAnswer): string {
  let json = JSON.stringify(content);
  for (let reason = content.Reason ?? ''; Buffer.byteLength(json) > longest && reason.length > 0; ) {
    reason = reason.slice(0, reason.length - Math.ceil((Buffer.byteLength(json) - longest) / 4));
    json = JSON.stringify({ ...content, Reason: `${reason}…` });
  }
  return json;
}
