import { percentile } from '../../statistics';
import { answerParent } from '../parent-process';
import { LoadPublisher, type PublisherProps } from './load-publisher';
import { LoadReceiver, ReceivedMessages, type ReceiverProps } from './load-receiver';

/** The requests to a load process, in their order. */
export type LoadRequest =
  | {
      readonly type: 'receive';
      readonly receivers: readonly (ReceiverProps & { readonly destination: string })[];
      readonly latencies: boolean;
    }
  | { readonly type: 'connect'; readonly publishers: readonly PublisherProps[] }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Asks for {@link Counted}, with the latencies since the last time. */
  | { readonly type: 'count' }
  /** Asks for {@link Arrived}. */
  | { readonly type: 'arrived' }
  /** Asks for {@link Tallied}. @param sent - messages of each publisher */
  | { readonly type: 'tally'; readonly sent: readonly number[] };

/** What a load process has counted since it began. */
export interface Counted {
  readonly sent: readonly number[];
  /** Messages by destination. */
  readonly received: Readonly<Record<string, number>>;
  /** Microseconds: the median and the 99th percentile of the messages since the last count. */
  readonly p50?: number;
  readonly p99?: number;
  /** Microseconds of processor time that this process has used. */
  readonly cpu: number;
}

/** The messages of all destinations that have come, and when the last of them came: microseconds of this machine's monotonic clock. */
export interface Arrived {
  readonly messages: number;
  readonly lastAt: number;
}

/** How many messages each destination lost, and got twice. */
export type Tallied = Readonly<Record<string, { lost: number; doubled: number }>>;

/** The highest number of a publisher's message, and one more. */
const capacity = 50_000_000;

const publishers: LoadPublisher[] = [];
const destinations = new Map<string, ReceivedMessages>();
const latencies: number[] = [];

answerParent(answer);

async function answer(request: LoadRequest): Promise<unknown> {
  switch (request.type) {
    case 'connect':
      for (const props of request.publishers) publishers.push(await LoadPublisher.connect(props));
      return {};
    case 'receive':
      for (const { destination: name, ...props } of request.receivers) {
        const received = destinations.get(name) ?? new ReceivedMessages(capacity);
        destinations.set(name, received);
        await LoadReceiver.connect(props, received, request.latencies ? latencies : undefined);
      }
      return {};
    case 'start':
      for (const publisher of publishers) publisher.start();
      return {};
    case 'stop':
      for (const publisher of publishers) publisher.stop();
      return {};
    case 'count':
      return counted();
    case 'arrived':
      return arrived();
    case 'tally':
      return Object.fromEntries([...destinations].map(([name, received]) => [name, received.compare(request.sent)]));
  }
}

function arrived(): Arrived {
  const all = [...destinations.values()];
  return {
    messages: all.reduce((sum, { received }) => sum + received, 0),
    lastAt: Math.max(0, ...all.map(({ lastAt }) => lastAt)),
  };
}

function counted(): Counted {
  const { user, system } = process.cpuUsage();
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share));
  latencies.length = 0;
  return {
    sent: publishers.map(({ sent }) => sent),
    received: Object.fromEntries([...destinations].map(([name, { received }]) => [name, received])),
    p50,
    p99,
    cpu: user + system,
  };
}
