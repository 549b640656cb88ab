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
  /** The host that devices connect to. AWS's answer has no port, because the port is always 8883. */
  readonly endpointAddress: string;
  readonly clocks: Clocks;
  readonly log: Log;
}
