/** A template that cannot be deployed. Its message names the part of the template and the reason. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
}

/** A value that only AWS has, for example that of an SSM parameter. */
export class UnavailableValueError extends TemplateError {
  override readonly name = 'UnavailableValueError';
}
