import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import { publishHead } from '../../../lib/iot-core-local/mqtt/publish-head';
import { encodePublish } from '../../support/encoded-publish';

describe('PUBLISH', () => {
  const topic = 'cars/data';
  const payload = Buffer.from('hi');

  test.each([
    ['QoS 0', 4, { qos: 0, retain: false }, packet(0x30, sized(topic), [...payload]), 0],
    ['QoS 1', 4, { qos: 1, retain: false }, packet(0x32, sized(topic), [0, 0], [...payload]), 13],
    ['QoS 0, retained', 5, { qos: 0, retain: true }, packet(0x31, sized(topic), properties(), [...payload]), 0],
    ['QoS 1', 5, { qos: 1, retain: true }, packet(0x33, sized(topic), [0, 0], properties(), [...payload]), 13],
  ] as const)('At %s is encoded (MQTT %i)', (_, version, options, frame, packetIdOffset) => {
    const published = encodePublish({ topic, payload }, { version, ...options });
    expect(published).toEqual({ frame, packetIdOffset });
  });

  test('PUBLISH carries its properties to an MQTT 5 receiver, and none to a 3.1.1 receiver', () => {
    const message = {
      topic: 'дорога',
      payload,
      properties: {
        payloadFormatIndicator: 1 as const,
        messageExpiryInterval: 0,
        contentType: '',
        responseTopic: 'r',
        correlationData: Buffer.of(1),
        userProperties: [
          ['b', '1'],
          ['a', '2'],
        ] as const,
      },
    };
    expect(encodePublish(message, { version: 4, qos: 0, retain: false }).frame).toEqual(
      packet(0x30, sized('дорога'), [...payload]),
    );
    expect(encodePublish(message, { version: 5, qos: 0, retain: false }).frame).toEqual(
      packet(
        0x30,
        sized('дорога'),
        properties(
          [0x01, 1],
          [0x02, 0, 0, 0, 0],
          [0x03, ...sized('')],
          [0x08, ...sized('r')],
          [0x09, ...sized([1])],
          [0x26, ...sized('b'), ...sized('1')],
          [0x26, ...sized('a'), ...sized('2')],
        ),
        [...payload],
      ),
    );
  });

  // The sizes at which the remaining length takes a byte more, and the packet id moves.
  test.each([
    [127, 2],
    [128, 3],
    [16_383, 3],
    [16_384, 4],
    [2_097_151, 4],
    [2_097_152, 5],
  ])('PUBLISH of remaining length %i has a header of %i bytes', (remainingLength, headerSize) => {
    const large = Buffer.alloc(remainingLength - 2 - topic.length - 2, 1);
    const { frame, packetIdOffset } = encodePublish({ topic, payload: large }, { version: 4, qos: 1, retain: false });
    expect(frame).toHaveLength(headerSize + remainingLength);
    expect(packetIdOffset).toBe(headerSize + 2 + topic.length);
  });
});

test('A head is remembered for each version, QoS and RETAIN flag', () => {
  const heads = () =>
    ([4, 5] as const).flatMap((version) =>
      ([0, 1] as const).flatMap((qos) =>
        [false, true].map((retain) => publishHead('cars/remembered', 40, undefined, version, qos, retain)),
      ),
    );
  const first = heads();
  expect(new Set(first).size).toBe(8);
  expect(new Set(first.map(({ bytes }) => bytes.toString('hex'))).size).toBe(8);
  for (const [index, head] of heads().entries()) expect(head).toBe(first[index]);
});

test('A head is encoded anew for another payload length, topic or properties', () => {
  const hex = (...[topic, length, own]: [string, number, { contentType: string }?]) =>
    publishHead(topic, length, own, 5, 0, false).bytes.toString('hex');
  const expected = (topic: string, length: number, ...own: number[][]) =>
    packet(0x30, sized(topic), properties(...own), new Array(length).fill(0))
      .subarray(0, -length)
      .toString('hex');
  for (let round = 0; round < 2; round += 1) {
    expect(hex('a', 5)).toBe(expected('a', 5));
    expect(hex('a', 6)).toBe(expected('a', 6));
    expect(hex('b', 6)).toBe(expected('b', 6));
    expect(hex('b', 6, { contentType: 'x' })).toBe(expected('b', 6, [3, ...sized('x')]));
  }
});

test('A head with properties is shared by receivers that follow each other, if their topic and payload length are the same', () => {
  const own = { contentType: 'x' };
  const head = publishHead('shared', 5, own, 5, 1, false);
  expect(publishHead('shared', 5, own, 5, 0, false)).not.toBe(head);
  expect(publishHead('shared', 5, own, 5, 1, false)).toBe(head);
  for (const [topic, length] of [
    ['other', 5],
    ['shared', 6],
  ] as const) {
    const { bytes } = publishHead(topic, length, own, 5, 1, false);
    const expected = packet(0x32, sized(topic), [0, 0], properties([3, ...sized('x')]), new Array(length).fill(0));
    expect(bytes).toEqual(expected.subarray(0, -length));
  }
});

test('More topics than are remembered, in rotation, have the right heads', () => {
  const topics = Array.from({ length: 5000 }, (_, index) => `topic ${index}`);
  for (const topic of [...topics, ...topics, ...topics, 'x'.repeat(65_535), 'x'.repeat(256), 'x'.repeat(257)]) {
    const { bytes } = publishHead(topic, 1, undefined, 4, 0, false);
    expect(bytes.subarray(-topic.length).toString()).toBe(topic);
  }
  // The memory was emptied meanwhile, and has filled again.
  const heads = () => topics.map((topic) => publishHead(topic, 1, undefined, 4, 0, false));
  const [first, second] = [heads(), heads()];
  expect(second.filter((head, index) => head === first[index]).length).toBeGreaterThan(900);
});

test('Payload lengths that share a slot have the right heads', () => {
  for (const length of [1, 17, 1, 33, 17, 1]) {
    expect(publishHead('t', length, undefined, 4, 0, false).bytes.toString('hex')).toBe(
      packet(0x30, sized('t'), new Array(length).fill(0)).subarray(0, -length).toString('hex'),
    );
  }
});
