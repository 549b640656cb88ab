import { InvalidTopicError } from '../broker/invalid-topic-error';

/** A client did what it must not do, which ends its connection. The message is the log's explanation, without a full stop. */
export class ClientFault extends Error {
  constructor(
    /** An MQTT 5 reason code; below 0x80, a return code of 3.1.1's CONNACK. */
    readonly reasonCode: number,
    explanation: string,
  ) {
    super(explanation);
  }
}

/**
 * Checks a topic or topic filter.
 *
 * @param explain - the explanation, from the error's message
 * @throws ClientFault with this reason code where `check` throws an InvalidTopicError
 */
export function checkTopic<T>(
  reasonCode: number,
  check: () => T,
  explain: (message: string) => string = (message) => message,
): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InvalidTopicError) throw new ClientFault(reasonCode, explain(error.message));
    throw error;
  }
}
