import { ServiceError } from '../service-error';

/** The errors of CloudFormation that IoT Core Local raises, with the HTTP status of each. */
const statusCodes = {
  AlreadyExistsException: 400,
  ChangeSetNotFound: 404,
  InsufficientCapabilitiesException: 400,
  InvalidAction: 400,
  InvalidChangeSetStatus: 400,
  ValidationError: 400,
} as const;

type CloudFormationErrorName = keyof typeof statusCodes;

/**
 * An error of CloudFormation, under the code that the service gives it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export class CloudFormationError extends ServiceError<CloudFormationErrorName> {
  constructor(name: CloudFormationErrorName, message: string) {
    super(name, statusCodes[name], message);
  }
}

/** The error that CloudFormation gives for nearly everything. */
export function validationError(message: string): CloudFormationError {
  return new CloudFormationError('ValidationError', message);
}
