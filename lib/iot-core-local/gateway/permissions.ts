import type { Authorizer, Decision, Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';
import type { Registry } from '../registry/registry';

/** The number of names for which a connection's decisions are remembered; beyond it all are forgotten. */
const capacity = 1000;

/** The decisions for one action. The last one is kept beside the map, as most clients use one topic. */
interface Remembered {
  readonly decisions: Map<string, boolean>;
  lastName: string | undefined;
  lastAllowed: boolean;
}

/**
 * What one connection may do. Decisions are remembered by action and resource until anything in the registry changes.
 *
 * `onDenied` is called for each decision that is made and denies, so a denial that is repeated is reported once.
 */
export class Permissions {
  private readonly remembered = new Map<IotAction, Remembered>();
  private revision = -1;

  constructor(
    private readonly authorizer: Authorizer,
    private readonly registry: Registry,
    private readonly principal: Principal,
    private readonly onDenied: (action: IotAction, name: string, decision: Decision) => void,
  ) {}

  /** @param name - as in {@link Authorizer.authorize} */
  allow(action: IotAction, name: string): boolean {
    if (this.revision !== this.registry.revision) {
      this.remembered.clear();
      this.revision = this.registry.revision;
    }
    let remembered = this.remembered.get(action);
    if (!remembered) {
      remembered = { decisions: new Map(), lastName: undefined, lastAllowed: false };
      this.remembered.set(action, remembered);
    }
    if (remembered.lastName === name) return remembered.lastAllowed;
    const allowed = remembered.decisions.get(name) ?? this.decide(action, name, remembered.decisions);
    remembered.lastName = name;
    remembered.lastAllowed = allowed;
    return allowed;
  }

  private decide(action: IotAction, name: string, decisions: Map<string, boolean>): boolean {
    const decision = this.authorizer.authorize(this.principal, action, name);
    if (!decision.allowed) this.onDenied(action, name, decision);
    if (decisions.size >= capacity) decisions.clear();
    decisions.set(name, decision.allowed);
    return decision.allowed;
  }
}
