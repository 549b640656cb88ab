import { ServiceError } from '../service-error';

/** The exceptions of the AWS IoT API that IoT Core Local throws, each with its HTTP status. */
const statusCodes = {
  CertificateStateException: 406,
  CertificateValidationException: 400,
  DeleteConflictException: 409,
  ForbiddenException: 403,
  InternalFailureException: 500,
  InvalidRequestException: 400,
  LimitExceededException: 410,
  MalformedPolicyException: 400,
  MissingAuthenticationTokenException: 403,
  NotImplementedException: 501,
  RequestEntityTooLargeException: 413,
  ResourceAlreadyExistsException: 409,
  ResourceNotFoundException: 404,
  // The data plane's has 429.
  ThrottlingException: 400,
  VersionConflictException: 409,
  VersionsLimitExceededException: 409,
} as const;

export type IotErrorName = keyof typeof statusCodes;

/**
 * An exception of the AWS IoT API, named as the service names it.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/CommonErrors.html
 */
export class IotError extends ServiceError<IotErrorName> {
  constructor(name: IotErrorName, message: string) {
    super(name, statusCodes[name], message);
  }
}
