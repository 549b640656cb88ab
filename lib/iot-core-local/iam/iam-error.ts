import { ServiceError } from '../service-error';

/** The exceptions of IAM and STS that IoT Core Local throws, with the HTTP status of each. */
const statusCodes = {
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  InvalidInput: 400,
  MalformedPolicyDocument: 400,
  NoSuchEntity: 404,
  UnrecognizedClientException: 403,
} as const;

type IamErrorName = keyof typeof statusCodes;

/**
 * An exception of IAM, under the code that the service gives it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export class IamError extends ServiceError<IamErrorName> {
  constructor(name: IamErrorName, message: string) {
    super(name, statusCodes[name], message);
  }
}

/** @returns an error of a policy document, which names what is wrong */
export function malformedPolicy(message: string): IamError {
  return new IamError('MalformedPolicyDocument', message);
}
