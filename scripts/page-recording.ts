import { setTimeout as sleep } from 'node:timers/promises';
import { readFleet } from '../lib/fleet/fleet-file';
import type { Recording } from '../lib/page/model/recording';
import type { PageState } from '../lib/page/model/state';
import { Hub } from '../lib/page/server/hub';
import { Director } from '../lib/page/shows/director';
import { LocalFleets } from '../lib/page/shows/local-fleets';
import { scenarios } from '../lib/walk-through/scenarios/scenarios';

/**
 * Records what a person sees who slows a member of a group down, kills it, and has another try to do without the group.
 *
 * @returns the recording of some twelve seconds, which ends when a message has just been sent
 * @throws Error if the fleet of cdk.json has no group of two, or if it cannot begin
 */
export async function recordShow(): Promise<Recording> {
  const fleet = readFleet();
  const [slow, other] = [...fleet.groups.values()].find(({ length }) => length > 1) ?? [];
  if (!slow || !other) throw new Error('The recording needs a group of two members; the fleet of cdk.json has none.');
  const hub = new Hub();
  const source = new LocalFleets(fleet);
  const director = new Director({ mqtt: 5, qos: 1, scenarios, tell: hub.tell, complain: console.error, source });
  try {
    await director.begin();
    await sleep(5_500);
    await director.act({ do: 'slow', device: slow.thingName, milliseconds: 1_200 });
    await director.act({ do: 'rate', perSecond: 5 });
    await sleep(3_000);
    await until(hub, ({ devices }) => devices[slow.thingName].waiting > 1);
    await director.act({ do: 'kill', device: slow.thingName });
    await director.act({ do: 'rate', perSecond: 2 });
    await sleep(500);
    const bypass = `${other.thingName} subscribing to ${fleet.topic}`;
    const attempt = hub.state.show!.attempts.findIndex(({ sentence }) => sentence === bypass);
    await director.act({ do: 'try', attempt });
    await sleep(600);
    const { published } = hub.state;
    await until(hub, (state) => state.published > published);
    return hub.recording;
  } finally {
    await director.stop();
  }
}

/** Waits until the page's state is as wanted. */
function until(hub: Hub, isWanted: (state: PageState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = hub.read(() => {
      if (!isWanted(hub.state)) return;
      end();
      resolve();
    });
  });
}
