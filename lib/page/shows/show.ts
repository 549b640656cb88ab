import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import type { PageAction } from '../model/actions';
import type { ScenarioInfo, ShowInfo } from '../model/events';

/** How the clients of a show speak MQTT. */
export interface Protocol {
  readonly mqtt: 3 | 5;
  readonly qos: 0 | 1;
}

/** What the page shows, and what can be done to it. */
export interface Program {
  readonly scenarios: readonly ScenarioInfo[];
  /** @throws ActionError if the action does not fit what is shown */
  act(action: PageAction): Promise<void>;
  stop(): Promise<void>;
}

/** An action that is refused as things are. Its message is for the person at the page. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** What the page knows of a fleet. */
export function showOf(
  { fleet, target }: DeployedFleet,
  { mqtt, qos }: Protocol,
  rest: Pick<ShowInfo, 'kind' | 'name' | 'caption' | 'attempts' | 'mostPerSecond'>,
): ShowInfo {
  const devices = fleet.devices.map((device) => ({
    name: device.thingName,
    clientId: device.clientId,
    role: device.role,
    ...(device.role === 'member' && { group: device.shareName }),
  }));
  return { ...rest, topic: fleet.topic, target, mqtt, qos, devices };
}
