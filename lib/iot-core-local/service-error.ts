/**
 * An error that an AWS service answers with: its name, or its code where the service speaks of codes, and the HTTP status of the answer.
 *
 * Any other error that an operation throws is a fault of IoT Core Local.
 */
export abstract class ServiceError<Name extends string = string> extends Error {
  constructor(
    override readonly name: Name,
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}
