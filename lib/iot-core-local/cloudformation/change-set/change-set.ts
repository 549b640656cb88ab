import type { Deployment } from '../stack/deployment';
import type { ResourceChange } from './resource-change';

/** A deployment that is prepared and not executed. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly deployment: Deployment;
  readonly changes: readonly ResourceChange[];
  /** FAILED if there is nothing to change. */
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  executionStatus:
    | 'AVAILABLE'
    | 'UNAVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'OBSOLETE';
  readonly createdAt: Date;
}

/** CloudFormation's reason for a change set that changes nothing. The CDK's CLI looks for these words. */
export const nothingToChange =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
