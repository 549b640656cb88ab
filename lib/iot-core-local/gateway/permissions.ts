import type { Authorizer, Decision, Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';
import type { Registry } from '../registry/registry';

/** The number of names for which a connection's decisions are remembered; beyond it all are forgotten. */
const capacity = 1000;

/** What decides about one connection. */
interface Judge {
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly principal: Principal;
  readonly onDenied: (action: IotAction, name: string, decision: Decision) => void;
}

/**
 * What one connection may do. Decisions are remembered by action and resource until anything in the registry changes.
 *
 * `onDenied` is called for each decision that is made and denies, so a denial that is repeated is reported once.
 */
export class Permissions {
  private readonly byAction = new Map<IotAction, Permission>();
  private readonly judge: Judge;

  constructor(authorizer: Authorizer, registry: Registry, principal: Principal, onDenied: Judge['onDenied']) {
    this.judge = { authorizer, registry, principal, onDenied };
  }

  /** @param name - as in {@link Authorizer.authorize} */
  allow(action: IotAction, name: string): boolean {
    return this.of(action).allows(name);
  }

  /** The permission for one action, for a caller that asks for it with each message. */
  of(action: IotAction): Permission {
    let permission = this.byAction.get(action);
    if (!permission) {
      permission = new Permission(action, this.judge);
      this.byAction.set(action, permission);
    }
    return permission;
  }
}

/** What one connection may do by one action. The last decision is kept beside the map, as most clients use one topic. */
export class Permission {
  private readonly decisions = new Map<string, boolean>();
  private revision = -1;
  private lastName: string | undefined = undefined;
  private lastAllowed = false;

  constructor(
    private readonly action: IotAction,
    private readonly judge: Judge,
  ) {}

  /** @param name - as in {@link Authorizer.authorize} */
  allows(name: string): boolean {
    if (this.revision !== this.judge.registry.revision) this.forget();
    if (name === this.lastName) return this.lastAllowed;
    this.lastAllowed = this.decisions.get(name) ?? this.decide(name);
    this.lastName = name;
    return this.lastAllowed;
  }

  private forget(): void {
    this.decisions.clear();
    this.lastName = undefined;
    this.revision = this.judge.registry.revision;
  }

  private decide(name: string): boolean {
    const { authorizer, principal, onDenied } = this.judge;
    const decision = authorizer.authorize(principal, this.action, name);
    if (!decision.allowed) onDenied(this.action, name, decision);
    if (this.decisions.size >= capacity) this.decisions.clear();
    this.decisions.set(name, decision.allowed);
    return decision.allowed;
  }
}
