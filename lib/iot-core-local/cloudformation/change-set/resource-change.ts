/** Whether a change replaces a resource. Conditional: it depends on a value that is known only when the change set is executed. */
export type Replacement = 'True' | 'False' | 'Conditional';

/** A change of one property. */
export interface PropertyChange {
  readonly name: string;
  readonly requiresRecreation: 'Never' | 'Always' | 'Conditionally';
  /** Dynamic: the value is known only when the change set is executed. */
  readonly evaluation: 'Static' | 'Dynamic';
  /** The resource whose value is not known yet. */
  readonly causingEntity?: string;
}

/**
 * What a change set does to a resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** Of a Modify. */
  readonly replacement?: Replacement;
  readonly details: readonly PropertyChange[];
}
