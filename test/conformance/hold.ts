import type { IotCoreFixture, TestDevice } from '../support/iot-core-fixture';
import { closed, goes, type Step } from './conversation';
import { Party } from './party';
import { pingreq, pingresp } from './wire';

/**
 * Holds a conversation with IoT Core Local.
 *
 * At its end each open connection must answer a PINGREQ with nothing before the PINGRESP. That shows that no unexpected packet came, and
 * that no connection was closed by mistake.
 */
export async function hold(steps: readonly Step[], fixture: IotCoreFixture, device: TestDevice): Promise<void> {
  const parties = new Map<string, Party>();
  try {
    for (const [index, [who, sends, ...gets]] of steps.entries()) {
      const party = parties.get(who) ?? (await Party.connect(fixture.iotCore, device.credentials));
      parties.set(who, party);
      if (sends === goes) party.leave();
      else party.send(sends);
      const isClosed = await expectFrom(party, `step ${index + 1}, "${who}"`, gets);
      if (sends !== goes && !isClosed) continue;
      expect([who, await party.rest()]).toEqual([who, '']);
      parties.delete(who);
    }
    for (const [who, party] of parties) {
      party.send(pingreq);
      await expectFrom(party, `at the end, "${who}"`, [pingresp]);
      party.leave();
      expect([who, await party.rest()]).toEqual([who, '']);
    }
  } finally {
    for (const party of parties.values()) party.destroy();
  }
}

/** @returns whether the connection is to be closed behind it */
async function expectFrom(party: Party, when: string, gets: readonly (Buffer | typeof closed)[]): Promise<boolean> {
  const bytes = Buffer.concat(gets.filter((each) => each !== closed));
  expect([when, await party.take(bytes.length)]).toEqual([when, bytes.toString('hex')]);
  return gets.includes(closed);
}
