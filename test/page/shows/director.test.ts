import { Fleet } from '../../../lib/fleet/fleet';
import type { PageAction } from '../../../lib/page/model/actions';
import type { PageEvent } from '../../../lib/page/model/events';
import { AccountFleet } from '../../../lib/page/shows/account-fleet';
import { Director, type DirectorProps } from '../../../lib/page/shows/director';
import { LocalFleets } from '../../../lib/page/shows/local-fleets';
import { castOf } from '../../../lib/walk-through/scenario';
import { scenarios } from '../../../lib/walk-through/scenarios/scenarios';
import { demoContext } from '../../support/demo-fleet';
import { EventLog } from '../../support/event-log';
import { temporaryFolder } from '../../support/temporary-folder';

const fleet = Fleet.fromContext(demoContext);
const source = new LocalFleets(fleet, temporaryFolder());
const directors: Director[] = [];
let log: EventLog;
let complaints: string[];

beforeEach(() => {
  log = new EventLog();
  complaints = [];
});

afterEach(async () => {
  for (const director of directors.splice(0)) await director.stop();
  expect(complaints).toEqual([]);
}, 20_000);

afterAll(() => source.close());

/** The source stays open from test to test: a deployment takes a second. */
const kept = { target: source.target, fleet, deploy: source.deploy.bind(source), close: async () => {} } as const;

function directorOf(props: Partial<DirectorProps> = {}): Director {
  const complain = (sentence: string) => complaints.push(sentence);
  const director = new Director({ mqtt: 5, qos: 1, scenarios, tell: log.tell, complain, source: kept, ...props });
  directors.push(director);
  return director;
}

/** A live show whose cars wait. */
async function live(props: Partial<DirectorProps> = {}): Promise<Director> {
  const director = directorOf(props);
  await director.begin();
  await director.act({ do: 'pause' });
  return director;
}

const isStatus = (device: string, status: string) => (event: PageEvent) =>
  event.type === 'status' && event.device === device && event.status === status;

describe('The live show', () => {
  test('The live show connects every device and says so', async () => {
    await live();
    const statuses = new Map(log.all('status').map(({ device, status }) => [device, status]));
    expect(Object.fromEntries(statuses)).toEqual({
      car1: 'connected',
      car2: 'connected',
      subscriber2A: 'subscribed',
      subscriber2B: 'subscribed',
      consumer3: 'subscribed',
    });
    expect(log.last('show').show).toMatchObject({ kind: 'live', target: 'local', mostPerSecond: 500 });
  }, 20_000);

  test('The live show publishes at its rate until it is paused, and every message arrives', async () => {
    const director = await live();
    const enough = log.next((event) => event.type === 'done' && event.device === 'consumer3' && event.number >= 30);
    await director.act({ do: 'rate', perSecond: 500 });
    await director.act({ do: 'resume' });
    await enough;
    await director.act({ do: 'pause' });
    const judged = log.next(({ type }) => type === 'verdict');
    await director.act({ do: 'kill', device: 'consumer3' });
    await director.act({ do: 'send', device: 'car1' });
    await judged;
    expect(log.last('verdict').verdict).toMatchObject({ verdict: 'pass' });
  });

  test.each<[PageAction, string]>([
    [{ do: 'rate', perSecond: 501 }, 'at most 500 messages a second'],
    [{ do: 'rate', perSecond: 0 }, 'more than 0'],
    [{ do: 'slow', device: 'subscriber2A', milliseconds: 5_001 }, 'from 0 to 5000 ms'],
    [{ do: 'slow', device: 'subscriber2A', milliseconds: -1 }, 'from 0 to 5000 ms'],
    [{ do: 'slow', device: 'car1', milliseconds: 1 }, 'The fleet has no subscriber "car1".'],
    [{ do: 'send', device: 'consumer3' }, 'The fleet has no car "consumer3".'],
    [{ do: 'kill', device: 'nobody' }, 'The fleet has no subscriber "nobody".'],
    [{ do: 'revive', device: 'subscriber2A' }, 'subscriber2A is connected already.'],
    [{ do: 'try', attempt: -1 }, 'There is no attempt -1.'],
    [{ do: 'try', attempt: 99 }, 'There is no attempt 99.'],
    [{ do: 'scenario', name: 'moon' }, 'There is no scenario "moon".'],
    [{ do: 'replay' }, 'This is not a recording.'],
  ])('The live show refuses %j with a sentence', async (action, sentence) => {
    const director = directors[0] ?? (await live());
    await expect(director.act(action)).rejects.toThrow(sentence);
  });

  test('The live show refuses to kill or to leave twice, and to do two things to a device at the same time', async () => {
    const director = await live();
    await director.act({ do: 'kill', device: 'subscriber2A' });
    await expect(director.act({ do: 'kill', device: 'subscriber2A' })).rejects.toThrow('is not connected');
    await expect(director.act({ do: 'leave', device: 'subscriber2A' })).rejects.toThrow('is not connected');
    const { attempts } = log.last('show').show;
    const attempt = attempts.findIndex(({ device }) => device === 'subscriber2A');
    await expect(director.act({ do: 'try', attempt })).rejects.toThrow(
      'subscriber2A is not connected, so it can try nothing.',
    );
    expect(log.all('tried')).toEqual([]);
    const revival = director.act({ do: 'revive', device: 'subscriber2A' });
    await expect(director.act({ do: 'revive', device: 'subscriber2A' })).rejects.toThrow('subscriber2A is busy.');
    await revival;
  });

  test('The live show connects a device again whose attempt under MQTT 3.1.1 ended its connection', async () => {
    const director = await live({ mqtt: 3 });
    const { attempts } = log.last('show').show;
    for (const device of ['car1', 'subscriber2A']) {
      const isLost = log.next(isStatus(device, 'lost'));
      await director.act({ do: 'try', attempt: attempts.findIndex((attempt) => attempt.device === device) });
      await isLost;
      expect(log.last('tried').tried).toMatchObject({ isRefused: true, answer: 'connection closed' });
      const { device: name, status } = log.last('status');
      expect([name, ['connected', 'subscribed'].includes(status)]).toEqual([device, true]);
    }
  });

  test('The live show refuses to slow a subscriber down at QoS 0, and says why', async () => {
    const director = await live({ qos: 0 });
    const slow = director.act({ do: 'slow', device: 'subscriber2A', milliseconds: 100 });
    await expect(slow).rejects.toThrow('At QoS 0 no message is acknowledged');
    const arrived = log.next((event) => event.type === 'done' && event.device === 'consumer3');
    await director.act({ do: 'send', device: 'car1' });
    await arrived;
  });

  test('The live show makes every forbidden attempt, one at a time, each with its client, action, resource and reason', async () => {
    const director = await live();
    const { attempts } = log.last('show').show;
    for (const attempt of attempts.keys()) await director.act({ do: 'try', attempt });
    const tried = log.all('tried').map(({ tried }) => tried);
    expect(tried).toHaveLength(58);
    for (const { attempt, isRefused, statement } of tried) {
      expect([attempt.sentence, isRefused]).toEqual([attempt.sentence, true]);
      if (attempt.sentence.startsWith('A client with')) continue;
      const { Action, Resource } = JSON.parse(statement!);
      expect([Action, Resource]).toEqual([attempt.action, expect.stringMatching(/^arn:aws:iot:/)]);
      expect(Resource.endsWith(`:${attempt.resource}`)).toBe(true);
    }
  }, 20_000);
});

describe('A scenario', () => {
  test('A scenario is played to its verdict, with what happened to devices and messages, and then the live fleet comes back', async () => {
    const director = await live();
    const ended = log.next((event) => event.type === 'verdict' && event.verdict.verdict !== 'running');
    await director.act({ do: 'scenario', name: 'failover' });
    await expect(director.act({ do: 'scenario', name: 'shared' })).rejects.toThrow(
      'Wait a moment: the scenario "failover" is played.',
    );
    await ended;
    expect(log.last('verdict').verdict).toMatchObject({ verdict: 'pass', sentence: expect.stringMatching(/^Pass\. /) });
    expect(log.last('show').show).toMatchObject({ kind: 'scenario', name: 'failover', qos: 1, attempts: [] });
    const events = log.events.slice(log.events.lastIndexOf(log.last('show')));
    expect(events.filter(isStatus('subscriber2A', 'killed'))).toHaveLength(1);
    const again = events.filter((event) => event.type === 'arrived' && event.isAgain);
    expect(again.length).toBeGreaterThan(0);
    expect(again).toContainEqual(expect.objectContaining({ device: 'subscriber2B', from: 'subscriber2A' }));
    const count = (type: PageEvent['type']) => events.filter((event) => event.type === type).length;
    expect(count('accepted')).toBe(count('published'));
    await expect(director.act({ do: 'kill', device: 'subscriber2B' })).rejects.toThrow(
      'Nothing can be done to a scenario',
    );
    await director.act({ do: 'live' });
    expect(log.last('show').show.kind).toBe('live');
  }, 20_000);

  test('A scenario is not offered if the fleet lacks its devices, and says why', async () => {
    const small = Fleet.fromContext({ topic: 'cars/data', cars: ['car1'], consumers: ['consumer3'] });
    const director = directorOf({ source: { ...kept, fleet: small } });
    const unavailable = director.scenarios.filter((each) => each.unavailable).map(({ name }) => name);
    expect(unavailable).toEqual(['failover', 'slow', 'scale', 'offline']);
    await expect(director.act({ do: 'scenario', name: 'slow' })).rejects.toThrow(
      'needs a group of at least two members',
    );
  });
});

describe('A show on AWS', () => {
  async function onAws(duration?: number): Promise<Director> {
    const { endpoint, folders } = await source.deploy(castOf(fleet));
    return directorOf({ source: new AccountFleet('aws', fleet, { endpoint, folders }), duration });
  }

  test('A show on AWS publishes at most 50 messages a second, and says that it ends', async () => {
    const director = await onAws();
    await director.begin();
    expect(log.last('show').show).toMatchObject({ target: 'aws', mostPerSecond: 50 });
    expect(log.last('show').show.caption).toContain('The show ends after 5 minutes.');
    await expect(director.act({ do: 'rate', perSecond: 51 })).rejects.toThrow('at most 50 messages a second');
    const { attempts } = log.last('show').show;
    await director.act({ do: 'try', attempt: attempts.findIndex(({ sentence }) => sentence.includes('publishing')) });
    expect(log.last('tried').tried.reason).toBeUndefined();
  }, 20_000);

  test('A show on AWS ends by itself, and nothing can be done to it then', async () => {
    const director = await onAws(60);
    await director.begin().catch(() => {});
    await director.over;
    expect(log.last('ended').sentence).toBe('The show is over: it ends after 0.001 minutes.');
    await expect(director.act({ do: 'live' })).rejects.toThrow('The show is over.');
    await expect(director.act({ do: 'pause' })).rejects.toThrow();
  }, 20_000);

  test('A show on AWS does not offer scenarios that need another fleet', async () => {
    const { scenarios } = await onAws();
    expect(scenarios.filter(({ unavailable }) => unavailable).map(({ name }) => name)).toEqual([
      'not-shared',
      'figure',
    ]);
  });
});
