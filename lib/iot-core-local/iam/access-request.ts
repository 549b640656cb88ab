/** What IAM decides about: an action on a resource. A call of the API needs one or more of these. */
export interface AccessRequest {
  /** `iot:DescribeThing` */
  readonly action: string;
  /** An ARN; the bare id of a Cognito identity; or `*` for an action that no resource narrows. */
  readonly resource: string;
  /** The condition keys that the request has, by name. */
  readonly keys?: Readonly<Record<string, string>>;
}
