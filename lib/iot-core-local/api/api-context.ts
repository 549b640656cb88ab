import type { MessageBroker } from '../broker/message-broker';
import type { Presence } from '../gateway/presence';
import type { Authorizer } from '../registry/authorizer';
import type { CertificateAuthority } from '../registry/certificate-authority';
import type { Registry } from '../registry/registry';
import type { Detachments } from './detachments';

/** What the operations work on. */
export interface ApiContext {
  readonly registry: Registry;
  readonly certificateAuthority: CertificateAuthority;
  readonly authorizer: Authorizer;
  readonly broker: MessageBroker;
  readonly presence: Presence;
  readonly detachments: Detachments;
  readonly faults: Readonly<FaultInjection>;
  /** The host that devices connect to. AWS's answer has no port, because the port is always 8883. */
  readonly endpointAddress: string;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** The faults and delays of AWS's API that a test can inject. */
export interface FaultInjection {
  /** The most entries on a page of a list, even if the caller asks for more. */
  pageSize: number;
  /** Every request whose number is a multiple of this is throttled; 0 throttles none. */
  throttledOf: number;
  /** The number of further requests that are answered before a detachment takes effect. */
  detachmentDelay: number;
}
