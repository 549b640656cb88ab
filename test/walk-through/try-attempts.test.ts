import type { Device, Subscriber } from '../../lib/fleet/fleet';
import { forbiddenAttempts } from '../../lib/walk-through/attempts';
import { systemClock } from '../../lib/walk-through/clients/pacer';
import { Crew } from '../../lib/walk-through/crew';
import { pacingOf } from '../../lib/walk-through/pacing';
import { tryAttempt } from '../../lib/walk-through/try-attempts';
import { useLocalFleet } from '../support/use-local-fleet';

const local = useLocalFleet();

describe('An attempt on the connection of a working subscriber', () => {
  let crew: Crew;
  let member: Subscriber;

  async function employed(mqtt: 3 | 5) {
    const { fleet, folders, core } = local;
    const props = { fleet, folders, endpoint: core, qos: 1, answerTimeout: 5_000, clock: systemClock } as const;
    const ignore = () => {};
    const listener = { connected: ignore, subscribed: ignore, message: ignore, lost: ignore };
    crew = new Crew({ ...props, mqtt, pacing: pacingOf('local') }, listener);
    [member] = fleet.subscribers;
    await crew.employ(member, { work: async () => true });
    return { connector: crew.connector, mqtt, clientOf: (device: Device) => crew.requester(device) };
  }

  const attemptsOf = (device: Subscriber) =>
    forbiddenAttempts(local.fleet).filter((attempt) => 'device' in attempt && attempt.device === device);

  afterEach(() => crew.close());

  test('An attempt on the connection of a working subscriber is refused and leaves the connection open under MQTT 5', async () => {
    const props = await employed(5);
    const outcomes = [];
    for (const attempt of attemptsOf(member)) outcomes.push([attempt.kind, await tryAttempt(attempt, props)]);
    expect(outcomes).toEqual([
      ['publish', { refused: true, answer: 'PUBACK 0x87' }],
      ['join', { refused: true, answer: 'SUBACK 0x87' }],
      ['bypass', { refused: true, answer: 'SUBACK 0x87' }],
      ['widen', { refused: true, answer: 'SUBACK 0x87' }],
      ...Array(8).fill(['overhear', { refused: true, answer: 'SUBACK 0x87' }]),
      ['impersonate', { refused: true, answer: 'CONNACK 0x87' }],
      ['invent', { refused: true, answer: 'CONNACK 0x87' }],
    ]);
    expect(() => crew.requester(member)).not.toThrow();
  });

  test('An attempt on the connection of a working subscriber is refused by the end of the connection under MQTT 3.1.1', async () => {
    const props = await employed(3);
    const [publish] = attemptsOf(member);
    expect(await tryAttempt(publish, props)).toEqual({ refused: true, answer: 'connection closed' });
    expect(() => crew.requester(member)).toThrow('subscriber2A is not connected');
  });

  test('An attempt on the connection of a working subscriber counts as not refused if the device has no connection', async () => {
    const props = await employed(5);
    crew.cut(member);
    const [publish] = attemptsOf(member);
    expect(await tryAttempt(publish, props)).toEqual({ refused: false, reason: 'subscriber2A is not connected' });
  });
});
