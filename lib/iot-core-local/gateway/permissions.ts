import type { Authorizer, Decision, Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';
import type { Registry } from '../registry/registry';

/** The number of names for which a connection's decisions are remembered; beyond it all are forgotten. */
const capacity = 1000;

/**
 * What one connection may do. Decisions are remembered by action and resource until anything in the registry changes.
 *
 * `onDenied` is called for each decision that is made and denies, so a denial that is repeated is reported once.
 */
export class Permissions {
  private readonly remembered = new Map<IotAction, Map<string, boolean>>();
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
    let decisions = this.remembered.get(action);
    if (!decisions) {
      decisions = new Map();
      this.remembered.set(action, decisions);
    }
    const known = decisions.get(name);
    if (known !== undefined) return known;
    const decision = this.authorizer.authorize(this.principal, action, name);
    if (!decision.allowed) this.onDenied(action, name, decision);
    if (decisions.size >= capacity) decisions.clear();
    decisions.set(name, decision.allowed);
    return decision.allowed;
  }
}
