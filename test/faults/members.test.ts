import { publishAll, subscribe, work } from '../support/group-member';
import type { RawClient, Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const filter = '$share/group/t';

/** The number of messages that can be under way to one member. */
const window = 100;

/** The number of messages after which a member is killed. */
const lifetime = 300;

const fixture = useIotCore();
const device = useDevice(fixture, 'member');

async function open(clientId: string, version: Version): Promise<RawClient> {
  const client = await fixture.open(device.credentials, version);
  await client.connect({ clientId: `${clientId} ${version}` });
  return client;
}

describe.each(versions)(
  'members killed again and again among 10,000 messages of QoS 1, under MQTT %s:',
  (_, version) => {
    const payloads = Array.from({ length: 10_000 }, (_, index) => String(index));
    /** What came to the members, in the order in which it came; member 0 is not killed. */
    const arrivals: { readonly payload: string; readonly member: number }[] = [];
    let kills = 0;

    beforeAll(async () => {
      // What is not acknowledged comes again.
      const unacknowledged = new Set(payloads);
      let allAcknowledged = () => {};
      const done = new Promise<void>((resolve) => {
        allAcknowledged = resolve;
      });
      const take = (payload: string, member: number, isAcknowledged: boolean) => {
        arrivals.push({ payload, member });
        if (isAcknowledged) unacknowledged.delete(payload);
        if (unacknowledged.size === 0) allAcknowledged();
        return isAcknowledged;
      };
      const survivor = await open('survivor', version);
      await subscribe(survivor, filter);
      const surviving = work(survivor, (payload) => take(payload, 0, true));
      let isOver = false;
      const workAndDie = async () => {
        const mortal = await open('mortal', version);
        if (isOver) {
          mortal.destroy();
          return;
        }
        await subscribe(mortal, filter);
        const member = kills + 1;
        let left = lifetime;
        await work(mortal, (payload) => {
          left -= 1;
          return take(payload, member, left > 0);
        });
        if (left > 0) return;
        kills += 1;
        await workAndDie();
      };
      // The last one may be closed while it subscribes.
      const dying = workAndDie().catch((error) => {
        if (!isOver) throw error;
      });
      await publishAll(await open('publisher', version), 't', payloads);
      await done;
      isOver = true;
      fixture.closeClients();
      await surviving;
      await dying;
    }, 30_000);

    test('Each message reaches the group', () => {
      expect(kills).toBeGreaterThanOrEqual(10);
      expect(new Set(arrivals.map(({ payload }) => payload))).toEqual(new Set(payloads));
    });

    test('A message comes twice only if it was under way to a member that was killed', () => {
      const last = new Map(arrivals.map((arrival) => [arrival.payload, arrival]));
      for (let member = 0; member <= kills; member += 1) {
        const own = arrivals.filter((arrival) => arrival.member === member);
        const again = own.filter((arrival) => last.get(arrival.payload) !== arrival);
        const underWay = member === 0 ? [] : own.slice(-window);
        expect(again.filter((arrival) => !underWay.includes(arrival))).toEqual([]);
        // What a member did not acknowledge does come again.
        if (member > 0) expect(again).toContain(own[lifetime - 1]);
      }
    });
  },
);
