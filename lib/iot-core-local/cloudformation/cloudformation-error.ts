/** The errors of CloudFormation that IoT Core Local raises, with the HTTP status of each. */
const statusCodes = {
  AlreadyExistsException: 400,
  ChangeSetNotFound: 404,
  InsufficientCapabilitiesException: 400,
  InvalidAction: 400,
  InvalidChangeSetStatus: 400,
  ValidationError: 400,
} as const;

/**
 * An error of CloudFormation, under the code that the service gives it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export class CloudFormationError extends Error {
  readonly statusCode: number;

  constructor(
    override readonly name: keyof typeof statusCodes,
    message: string,
  ) {
    super(message);
    this.statusCode = statusCodes[name];
  }
}

/** The error that CloudFormation gives for nearly everything. */
export function validationError(message: string): CloudFormationError {
  return new CloudFormationError('ValidationError', message);
}
