/** Over live connections, byte by byte. Which statements of MQTT are shown to be kept, and where: mqtt-3.1.1.md and mqtt-5.md. */
import { malformedPackets } from '../codec/malformed-packets';
import type { Version } from '../support/raw-client';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';
import { conversations } from './cases';
import { closed, type Step } from './conversation';
import { hold } from './hold';
import { Wire } from './wire';

const fixture = useIotCore();
const device = useDevice(fixture, 'car1');

describe.each(versions)('under MQTT %s', (_, version) => {
  test.each(conversations(version))('$name', ({ steps }) => hold(steps, fixture, device));

  test.each(malformed(version))('A packet that no client may send ends the connection: $rule', ({ steps }) =>
    hold(steps, fixture, device),
  );

  test('A client without a client id gets a unique one, and CONNACK has it under 5', async () => {
    const clients = [await fixture.open(device.credentials, version), await fixture.open(device.credentials, version)];
    const told: unknown[] = [];
    for (const client of clients) {
      const connack = await client.connect({ clientId: '' });
      expect(connack).toMatchObject({ cmd: 'connack', sessionPresent: false, [code(version)]: 0 });
      told.push(connack.cmd === 'connack' && connack.properties?.assignedClientIdentifier);
    }
    if (version === 5) expect(told).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    expect(new Set(told).size).toBe(version === 5 ? 2 : 1);
    // Were the ids the same, the second connection would have closed the first.
    for (const client of clients) expect(await client.ping()).toEqual([]);
  });
});

test('No conversation makes IoT Core Local log an error of its own', () => {
  expect(fixture.log.length).toBeGreaterThan(100);
  expect(fixture.log.filter(({ level }) => level === 'error')).toEqual([]);
});

/** What mqtt-packet calls CONNACK's second byte. */
function code(version: Version): string {
  return version === 5 ? 'reasonCode' : 'returnCode';
}

/** The codec's own table of malformed packets. A second CONNECT has a conversation of its own. */
function malformed(version: Version): { readonly rule: string; readonly steps: readonly Step[] }[] {
  const wire = new Wire(version, `malformed.${version}`);
  const cases = malformedPackets.filter(
    ({ versions, rule }) => versions.includes(version) && !rule.includes('3.1.0-2'),
  );
  return cases.map(({ rule, bytes: bytesOf, reasonCode }) => {
    const bytes = bytesOf(version);
    if (bytes[0] >> 4 !== 1) {
      return {
        rule,
        steps: [
          ['a', wire.connect('a'), wire.connack()],
          ['a', bytes, wire.farewell(reasonCode), closed],
        ],
      };
    }
    // A CONNACK can be sent as soon as the version is known.
    const isVersionKnown = bytes[0] === 0x10 && bytes.includes(`MQTT${String.fromCharCode(version)}`);
    return { rule, steps: [['a', bytes, ...(isVersionKnown ? [wire.refusal(reasonCode)] : []), closed]] };
  });
}
