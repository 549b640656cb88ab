import { quote } from '../mqtt/decode-error';
import type { Authorizer, Decision, Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';
import type { Registry } from '../registry/registry';
import type { ClientLog } from './client-log';

/** The number of names for which a connection's decisions are remembered; beyond it all are forgotten. */
const capacity = 1000;

/** What decides about one connection. */
interface Judge {
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly principal: Principal;
  readonly log: ClientLog;
}

/**
 * What one connection may do. Decisions are remembered by action and resource until anything in the registry changes, so a denial that is
 * repeated is logged once.
 */
export class Permissions {
  private readonly byAction = new Map<IotAction, Permission>();
  private readonly judge: Judge;

  constructor(authorizer: Authorizer, registry: Registry, principal: Principal, log: ClientLog) {
    this.judge = { authorizer, registry, principal, log };
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
    const { authorizer, principal } = this.judge;
    const decision = authorizer.authorize(principal, this.action, name);
    if (!decision.allowed) this.logDenial(name, decision);
    if (this.decisions.size >= capacity) this.decisions.clear();
    this.decisions.set(name, decision.allowed);
    return decision.allowed;
  }

  /** Names the things of the client's certificate, if the client id is none of them. */
  private logDenial(name: string, { reason }: Decision): void {
    const { registry, principal, log } = this.judge;
    const things = registry.thingNamesOf(principal.certificateArn);
    const named = things.length === 0 ? 'no thing' : things.join(', ');
    const borrowed = things.includes(principal.clientId) ? '' : `with the certificate of ${named} `;
    log.warn(`${borrowed}was denied ${this.action} on ${quote(name)}: ${reason}`);
  }
}
