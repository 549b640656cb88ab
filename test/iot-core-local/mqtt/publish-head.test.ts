import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { type PublishHead, publishHead } from '../../../lib/iot-core-local/mqtt/publish-head';
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
        payloadFormatIndicator: 1,
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

/** A body of these lengths, whatever its bytes. */
function bodyOf(payloadLength: number, propertiesLength = 0): PublishBody {
  return PublishBody.of(Buffer.alloc(propertiesLength + payloadLength), propertiesLength);
}

/** The head of a PUBLISH for MQTT 3.1.1 at QoS 0. */
function plainHead(topic: string, payloadLength: number): PublishHead {
  return publishHead(topic, bodyOf(payloadLength), 4, 0, false);
}

test('A head is remembered for each version, QoS and RETAIN flag', () => {
  const heads = () =>
    ([4, 5] as const).flatMap((version) =>
      ([0, 1] as const).flatMap((qos) =>
        [false, true].map((retain) => publishHead('cars/remembered', bodyOf(40), version, qos, retain)),
      ),
    );
  const first = heads();
  expect(new Set(first).size).toBe(8);
  expect(new Set(first.map(({ bytes }) => bytes.toString('hex'))).size).toBe(8);
  for (const [index, head] of heads().entries()) expect(head).toBe(first[index]);
});

test('A head is encoded anew for another payload length, topic or length of the properties', () => {
  const hex = (topic: string, payloadLength: number, propertiesLength: number) =>
    publishHead(topic, bodyOf(payloadLength, propertiesLength), 5, 0, false).bytes.toString('hex');
  const expected = (topic: string, payloadLength: number, propertiesLength: number) => {
    const body = new Array(propertiesLength + payloadLength).fill(0);
    const length = properties(body.slice(0, propertiesLength)).slice(0, -propertiesLength || undefined);
    return packet(0x30, sized(topic), length, body).subarray(0, -body.length).toString('hex');
  };
  const lengths: readonly (readonly [string, number, number])[] = [
    ['a', 5, 0],
    ['a', 6, 0],
    ['b', 6, 0],
    ['b', 6, 4],
    ['b', 4, 6],
    ['b', 10, 0],
    ['b', 1, 127],
    ['b', 1, 128],
    ['b', 1, 16_384],
  ];
  for (const each of [...lengths, ...lengths]) expect(hex(...each)).toBe(expected(...each));
});

test('A head says how much of the body follows: all of it, and to a 3.1.1 receiver the payload alone', () => {
  const lengths = ([4, 5] as const).map((version) => publishHead('t', bodyOf(10, 20), version, 1, false).bodyLength);
  expect(lengths).toEqual([10, 30]);
});

test('The head of a message with properties is remembered', () => {
  const head = publishHead('shared', bodyOf(5, 7), 5, 1, false);
  expect(publishHead('shared', bodyOf(5, 7), 5, 1, false)).toBe(head);
});

test('More topics than are remembered, in rotation, have the right heads', () => {
  const topics = Array.from({ length: 5000 }, (_, index) => `topic ${index}`);
  for (const topic of [...topics, ...topics, ...topics, 'x'.repeat(65_535), 'x'.repeat(256), 'x'.repeat(257)]) {
    const { bytes } = plainHead(topic, 1);
    expect(bytes.subarray(-topic.length).toString()).toBe(topic);
  }
  // The memory was emptied meanwhile, and has filled again.
  const heads = () => topics.map((topic) => plainHead(topic, 1));
  const [first, second] = [heads(), heads()];
  expect(second.filter((head, index) => head === first[index]).length).toBeGreaterThan(900);
});

test('A head that is not remembered is shared by the receivers of a message, which follow each other', () => {
  // The first head has the slot.
  publishHead('passing', bodyOf(1), 5, 1, false);
  const head = publishHead('passing', bodyOf(13, 4), 5, 1, false);
  expect(publishHead('passing', bodyOf(13, 4), 5, 0, false)).not.toBe(head);
  expect(publishHead('passing', bodyOf(13, 4), 5, 1, false)).toBe(head);
  for (const [topic, payloadLength, propertiesLength] of [
    ['passing', 17, 0],
    ['passing', 29, 4],
    ['other', 13, 4],
  ] as const) {
    publishHead(topic, bodyOf(1), 5, 1, false);
    const { bytes } = publishHead(topic, bodyOf(payloadLength, propertiesLength), 5, 1, false);
    const size = payloadLength + propertiesLength;
    const expected = packet(0x32, sized(topic), [0, 0], propertiesLength, new Array(size).fill(0));
    expect(bytes).toEqual(expected.subarray(0, -size));
  }
});

test('Payload lengths that share a slot have the right heads', () => {
  for (const length of [1, 17, 1, 33, 17, 1]) {
    expect(plainHead('t', length).bytes.toString('hex')).toBe(
      packet(0x30, sized('t'), new Array(length).fill(0)).subarray(0, -length).toString('hex'),
    );
  }
});
