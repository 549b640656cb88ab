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
  /** The host that devices connect to. Its port has no place in AWS's answer, where it is always 8883. */
  readonly endpointAddress: string;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** What AWS's API does to those who call it, in doses that a test chooses. */
export interface FaultInjection {
  /** A page of a list holds no more entries than this, whatever its caller asks for. */
  pageSize: number;
  /** Of so many requests the last is throttled; 0 for none. */
  throttledOf: number;
  /** So many further requests are answered before something that was detached is so. */
  detachmentDelay: number;
}
