import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { answer } from '../../../lib/stacks/sweep/answer';
import {
  type CloudFormationRequest,
  customResourceHandler,
  type LifeCycle,
} from '../../../lib/stacks/sweep/custom-resource-handler';

interface Put {
  readonly method?: string;
  readonly url?: string;
  readonly contentType?: string;
  readonly body: Record<string, string>;
  readonly bytes: number;
}

/** Where CloudFormation would take the answers: a server on loopback, which keeps what is put there. */
let server: Server;
let puts: Put[];
let statuses: number[];
let log: jest.SpyInstance;

beforeEach(async () => {
  puts = [];
  statuses = [];
  log = jest.spyOn(console, 'log').mockImplementation();
  server = createServer((request, response) => {
    const { method, url, headers } = request;
    buffer(request).then(
      (bytes) => {
        const body = JSON.parse(String(bytes));
        puts.push({ method, url, contentType: headers['content-type'], body, bytes: bytes.length });
        response.writeHead(statuses.shift() ?? 200).end();
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  log.mockRestore();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function request(fields: Partial<CloudFormationRequest>): CloudFormationRequest {
  return {
    RequestType: 'Create',
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=secret`,
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Teardown/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Sweep',
    ResourceProperties: { Topic: 'cars/data' },
    ...fields,
  };
}

/** A life that notes what was asked of it, or does what a test says. */
function life(parts: Partial<LifeCycle<unknown>> = {}) {
  const done: string[] = [];
  const note = (what: string) => async () => void done.push(what);
  return { done, create: note('create'), delete: note('delete'), ...parts };
}

const anHour = { getRemainingTimeInMillis: () => 3_600_000 };

async function answerTo(fields: Partial<CloudFormationRequest>, led: LifeCycle<unknown> = life(), context = anHour) {
  await customResourceHandler(led)(request(fields), context);
  expect(puts).toHaveLength(1);
  return puts[0].body;
}

test('A creation is answered with the id that a deletion is then about', async () => {
  const led = life();
  await expect(answerTo({ RequestType: 'Create' }, led)).resolves.toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'armed-fleet',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Teardown/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Sweep',
  });
  expect(led.done).toEqual(['create']);
  expect(puts[0]).toMatchObject({ method: 'PUT', url: '/answer?signature=secret' });
});

test('The answer has no content type: the URL is signed without one', async () => {
  await answerTo({});
  expect(puts[0].contentType).toBeUndefined();
});

test('The work gets the properties', async () => {
  const create = jest.fn(async () => {});
  await answerTo({}, life({ create }));
  expect(create).toHaveBeenCalledWith({ Topic: 'cars/data' }, expect.any(AbortSignal));
});

test.each(['armed-fleet', 'an id of another time'])('An update does nothing and keeps the id "%s"', async (id) => {
  const led = life();
  const body = await answerTo({ RequestType: 'Update', PhysicalResourceId: id }, led);
  expect(body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(led.done).toEqual([]);
});

test('A deletion does the work', async () => {
  const led = life();
  const body = await answerTo({ RequestType: 'Delete', PhysicalResourceId: 'armed-fleet' }, led);
  expect(body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'armed-fleet' });
  expect(led.done).toEqual(['delete']);
});

test('A creation that failed is rolled back without the work of a deletion', async () => {
  const create = async () => Promise.reject(new Error('Still to do: one thing.'));
  const failed = await answerTo({}, life({ create }));
  expect(failed).toMatchObject({ Status: 'FAILED', Reason: 'Still to do: one thing.' });

  puts = [];
  const led = life();
  const body = await answerTo({ RequestType: 'Delete', PhysicalResourceId: failed.PhysicalResourceId }, led);
  expect(body).toMatchObject({ Status: 'SUCCESS' });
  expect(led.done).toEqual([]);
});

test('A resource that was never created is deleted without any work', async () => {
  const led = life();
  const body = await answerTo({ RequestType: 'Delete', PhysicalResourceId: 'Teardown-Sweep-ABC' }, led);
  expect(body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Teardown-Sweep-ABC' });
  expect(led.done).toEqual([]);
});

test('A deletion that failed keeps its id, so that the next one does the work again', async () => {
  const led = life({ delete: async () => Promise.reject(new Error('Still to do: one thing.')) });
  const body = await answerTo({ RequestType: 'Delete', PhysicalResourceId: 'armed-fleet' }, led);
  expect(body).toMatchObject({
    Status: 'FAILED',
    Reason: 'Still to do: one thing.',
    PhysicalResourceId: 'armed-fleet',
  });
});

test('A request of another type fails, and says so', async () => {
  const body = await answerTo({ RequestType: 'Read', PhysicalResourceId: 'armed-fleet' });
  expect(body).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('"Read"') });
});

test.each([
  ['an error without a message', new Error(''), 'Error'],
  ['a text', 'out of order', 'out of order'],
  ['nothing at all', undefined, 'undefined'],
])('A crash with %s fails with a reason', async (_name, thrown, reason) => {
  const body = await answerTo({}, life({ create: () => Promise.reject(thrown) }));
  expect(body).toMatchObject({ Status: 'FAILED', Reason: reason });
});

test('A crash before the first await fails as well', async () => {
  const create = () => {
    throw new Error('at once');
  };
  await expect(answerTo({}, life({ create }))).resolves.toMatchObject({ Status: 'FAILED', Reason: 'at once' });
});

describe('when time runs out', () => {
  const noTime = { getRemainingTimeInMillis: () => 15_000 };

  test('Work whose time is up is asked to end, and its own error is the reason', async () => {
    const create = (_properties: unknown, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('Still to do: car1.')));
      });
    await expect(answerTo({}, life({ create }), noTime)).resolves.toMatchObject({ Reason: 'Still to do: car1.' });
  });

  test('Work that does not end when it is asked to is given up, and CloudFormation gets its answer', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const create = () => new Promise<void>(() => {});
      const answering = answerTo({}, life({ create }), noTime);
      await jest.advanceTimersByTimeAsync(5_000);
      jest.useRealTimers();
      await expect(answering).resolves.toMatchObject({ Reason: expect.stringMatching(/^Nothing was heard/) });
    } finally {
      jest.useRealTimers();
    }
  });
});

test.each([
  ['letters', 'x'.repeat(9_000)],
  ['characters of several bytes', '車'.repeat(9_000)],
  ['characters that JSON escapes', '"'.repeat(9_000)],
])('A reason of many %s is cut to what CloudFormation takes', async (_name, message) => {
  const body = await answerTo({}, life({ create: () => Promise.reject(new Error(message)) }));
  expect(puts[0].bytes).toBeLessThanOrEqual(4096);
  expect(puts[0].bytes).toBeGreaterThan(4000);
  expect(body.Reason).toMatch(/…$/);
});

describe('an answer that does not arrive', () => {
  const content = {
    Status: 'SUCCESS',
    PhysicalResourceId: '1',
    StackId: '2',
    RequestId: '3',
    LogicalResourceId: '4',
  } as const;

  test('An answer that does not arrive is put again', async () => {
    statuses = [503];
    await answer(request({}).ResponseURL, content, [0]);
    expect(puts.map(({ body }) => body)).toEqual([content, content]);
  });

  test('An answer that does not arrive at the last try is an error without the URL, so that Lambda invokes the function again', async () => {
    statuses = [503, 503, 403];
    await expect(answer(request({}).ResponseURL, content, [0, 0])).rejects.toThrow(
      /^CloudFormation could not be answered: it answered with HTTP status 403\.$/,
    );
    expect(puts).toHaveLength(3);
  });
});

test('The log has neither the URL, which is a credential, nor the properties', async () => {
  await answerTo({}, life({ create: () => Promise.reject(new Error('Still to do: car1.')) }));
  const logged = log.mock.calls.flat().join('\n');
  expect(logged).toBe('Create Sweep: FAILED: Still to do: car1.');
});
