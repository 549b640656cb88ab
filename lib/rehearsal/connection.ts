import { type Endpoint, readEndpoint } from '../devices/endpoint';
import { foldersOf } from '../devices/folders';
import { Connector } from '../walk-through/clients/connector';
import { systemClock } from '../walk-through/clients/pacer';
import { pacingOf } from '../walk-through/pacing';
import { deployedIn, type Rehearsal } from './rehearsal';

/** The data endpoint that the devices connect to, as the step that writes the certificates has kept it. @throws Error before that step */
export function endpointOf({ checkout: { target, devicesRoot } }: Rehearsal): Endpoint {
  return readEndpoint(target, devicesRoot);
}

/** The deployed fleet's devices' folders, by thing name. */
export function deviceFolders(rehearsal: Rehearsal) {
  const { devicesRoot, target } = rehearsal.checkout;
  return foldersOf(deployedIn(rehearsal).fleet, devicesRoot, target);
}

/** Connects the deployed fleet's devices, over MQTT 5. */
export function connectorOf(rehearsal: Rehearsal): Connector {
  return new Connector({
    endpoint: endpointOf(rehearsal),
    mqtt: 5,
    folders: deviceFolders(rehearsal),
    answerTimeout: 10_000,
    interval: pacingOf(rehearsal.checkout.target).connectInterval,
    clock: systemClock,
  });
}
