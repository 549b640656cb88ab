import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackStatus } from './stack-status';

/** What happened to a stack or to one of its resources. */
export interface StackEvent {
  readonly eventId: string;
  readonly logicalId: string;
  /** Empty while a resource has none. */
  readonly physicalId: string;
  /** `AWS::IoT::Thing`, or `AWS::CloudFormation::Stack` for the stack itself. */
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
  readonly timestamp: Date;
}

/** The events of a stack. */
export class StackEvents {
  private readonly events: StackEvent[] = [];
  private latest = 0;

  /** @param clock - milliseconds */
  constructor(private readonly clock: () => number) {}

  add(event: Omit<StackEvent, 'eventId' | 'timestamp'>): void {
    // The CDK's CLI sorts events by their time, so no two have the same.
    this.latest = Math.max(this.clock(), this.latest + 1);
    this.events.unshift({ ...event, eventId: `${event.logicalId}-${randomUUID()}`, timestamp: new Date(this.latest) });
  }

  /** The newest first. */
  list(): readonly StackEvent[] {
    return this.events;
  }
}
