import { IotError } from '../registry/iot-error';
import type { FaultInjection } from './fault-injection';

interface Pending {
  requests: number;
  readonly detach: () => void;
}

/**
 * Detachments that have been requested and have not taken effect yet. AWS answers at once, and takes some seconds to detach.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
 */
export class Detachments {
  private pending: Pending[] = [];

  constructor(private readonly faults: Readonly<Pick<FaultInjection, 'detachmentDelay'>>) {}

  add(detach: () => void): void {
    if (this.faults.detachmentDelay === 0) detach();
    else this.pending.push({ requests: this.faults.detachmentDelay, detach });
  }

  /** Counts one request. Called once for each request, before it is answered. */
  tick(): void {
    if (this.pending.length === 0) return;
    for (const pending of this.pending) pending.requests -= 1;
    const due = this.pending.filter(({ requests }) => requests < 0);
    this.pending = this.pending.filter(({ requests }) => requests >= 0);
    for (const { detach } of due) carryOut(detach);
  }
}

/** A thing, policy or certificate that was deleted in the meantime is attached to nothing. */
function carryOut(detach: () => void): void {
  try {
    detach();
  } catch (error) {
    if (!(error instanceof IotError)) throw error;
  }
}
