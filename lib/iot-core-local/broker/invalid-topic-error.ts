/** A topic or filter that AWS IoT Core does not accept. The message is a sentence that names it and the rule. */
export class InvalidTopicError extends Error {
  override readonly name = 'InvalidTopicError';
}
