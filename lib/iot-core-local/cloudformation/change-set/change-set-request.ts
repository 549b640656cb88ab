/** The value of a parameter in a request. */
interface RequestedParameter {
  readonly name: string;
  /** @default - the value that the stack was deployed with */
  readonly value?: string;
}

/** What a caller wants to deploy. */
export interface DeploymentRequest {
  /** The template, parsed. @default - the one that the stack was deployed with */
  readonly template?: { readonly source: unknown; readonly body: string };
  readonly parameters: readonly RequestedParameter[];
  /** @default - those that the stack has */
  readonly tags?: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
}

/** A request for a change set. */
export interface ChangeSetRequest extends DeploymentRequest {
  readonly stackName: string;
  readonly changeSetName: string;
  readonly description?: string;
  readonly type: 'CREATE' | 'UPDATE';
}
