import type { MessageBroker } from '../broker/message-broker';
import type { Clocks } from '../clocks';
import type { Presence } from '../gateway/presence';
import type { Log } from '../log';
import type { Authorizer } from '../registry/authorizer';
import type { CertificateAuthority } from '../registry/certificate-authority';
import type { Registry } from '../registry/registry';
import type { Detachments } from './detachments';
import type { FaultInjection } from './fault-injection';

/** What the operations work on. */
export interface ApiContext {
  readonly registry: Registry;
  readonly certificateAuthority: CertificateAuthority;
  readonly authorizer: Authorizer;
  readonly broker: MessageBroker;
  readonly presence: Presence;
  readonly detachments: Detachments;
  readonly faults: Readonly<FaultInjection>;
  /** The host that devices connect to, with the port if it is not AWS's. */
  readonly endpointAddress: string;
  readonly clocks: Clocks;
  readonly log: Log;
}
