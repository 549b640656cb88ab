import { Message } from '../../../lib/iot-core-local/broker/message';
import { dataViewOf } from '../../../lib/iot-core-local/mqtt/copy-bytes';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { BrokerInHand, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

// A message's body lies in the chunk that it came in, which may be much larger than all that is left of it.
describe('the chunk of a message', () => {
  /** Publishes a message from a chunk of 16 KiB. @returns a function that overwrites the chunk */
  function publishInChunk(payload: string, { qos = 1, retain = false }: { qos?: 0 | 1; retain?: boolean } = {}) {
    const chunk = Buffer.alloc(16_384, payload);
    // A message expiry interval of a minute, in front of the payload.
    chunk.set([0x02, 0, 0, 0, 60], 95);
    hand.broker.publish(
      new Message('t', new PublishBody(dataViewOf(chunk), 95, 5, 5 + payload.length, 1), qos, retain, 'car1', hand.now),
    );
    return () => chunk.fill(0);
  }

  test('A message that is not acknowledged, or waits, is independent of its chunk after a tick', () => {
    const client = hand.connect('a', persistent, 1);
    client.subscribe('t');
    const overwrite = [publishInChunk('1'), publishInChunk('2'), publishInChunk('3', { qos: 0 })];
    hand.wait(1);
    for (const each of overwrite) each();
    client.acknowledge();
    client.acknowledge();
    expect(client.payloads).toEqual(['1', '2', '3']);
    expect(client.received.map(({ messageExpiryInterval }) => messageExpiryInterval)).toEqual([60, 59, 59]);
    const last = publishInChunk('4');
    client.disconnect();
    hand.wait(1);
    last();
    expect(hand.connect('a', persistent).payloads).toEqual(['4']);
  });

  test('A QoS 0 message that waits for a client that does not read is independent of its chunk after a tick', () => {
    const client = hand.connect('a');
    client.subscribe('t');
    client.isCongested = true;
    const overwrite = publishInChunk('1', { qos: 0 });
    hand.wait(1);
    overwrite();
    client.isCongested = false;
    client.session.flow();
    expect(client.payloads).toEqual(['1']);
  });

  test('A message that is stored or retained is independent of its chunk at once', () => {
    hand.connect('a', persistent).subscribe('t');
    hand.connect('b', persistent).subscribe('$share/g/t');
    for (const clientId of ['a', 'b']) hand.broker.findSession(clientId)?.closeConnection(0, 'it is tested');
    publishInChunk('1')();
    expect(['a', 'b'].map((clientId) => hand.connect(clientId, persistent).payloads)).toEqual([['1'], ['1']]);
    publishInChunk('2', { qos: 0, retain: true })();
    expect(hand.broker.findRetained('t')?.message.body.payload.toString()).toBe('2');
  });
});

describe('a session with nothing to do', () => {
  test('A session sleeps at a tick, and wakes for a message, a client that is full, and the end of its connection', () => {
    const client = hand.connect('a', persistent, 1);
    client.subscribe('t');
    const isAsleep = () => client.session.isAsleep;
    hand.wait(1);
    expect(isAsleep()).toBe(true);
    hand.publish('t', '1', { qos: 1 });
    expect(isAsleep()).toBe(false);
    hand.wait(1);
    expect(isAsleep()).toBe(true);
    hand.publishAll(numbers(1001));
    hand.wait(5);
    expect(isAsleep()).toBe(false);
    client.disconnect();
    hand.wait(3599);
    expect(hand.broker.findSession('a')).toBe(client.session);
    hand.wait(2);
    expect(hand.broker.findSession('a')).toBeUndefined();
  });

  test('A session that sleeps is not looked at', () => {
    const client = hand.connect('a');
    client.subscribe('t');
    hand.publish('t', '1', { qos: 1 });
    hand.wait(1);
    const tick = jest.spyOn(client.session, 'tick');
    hand.wait(5);
    expect(tick).not.toHaveBeenCalled();
  });

  test('A session that has ended is not ended again, which would end the next session of its client', () => {
    hand.connect('a').disconnect();
    const { session } = hand.connect('a');
    hand.wait(5);
    expect(hand.broker.findSession('a')).toBe(session);
  });

  test('A session that sent a waiting QoS 0 message is awake until the tick after it', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publishAll(['1', '2'], 1);
    hand.publishAll(['3'], 0);
    client.acknowledge();
    hand.wait(2);
    expect(client.session.isAsleep).toBe(true);
    client.acknowledge();
    const seen = [client.session.isAsleep];
    for (let second = 0; second < 2; second += 1) {
      hand.wait(1);
      seen.push(client.session.isFlowing);
    }
    expect([client.payloads, seen]).toEqual([
      ['1', '2', '3'],
      [false, true, false],
    ]);
  });

  test('Stored messages are sent at their pace to a client that sent nothing since it came back', () => {
    hand.connect('a', persistent).subscribe('t');
    hand.broker.findSession('a')?.closeConnection(0, 'it is tested');
    hand.publishAll(numbers(25));
    const client = hand.connect('a', persistent);
    hand.wait(2);
    expect(client.payloads).toEqual(numbers(25));
  });
});
