import { answerParent } from '../parent-process';
import { LoadPublisher, type PublisherProps } from './load-publisher';
import { LoadReceiver, ReceivedMessages, type ReceiverProps } from './load-receiver';

/** What a load process is told to do, one after the other. */
export type LoadRequest =
  | {
      readonly type: 'receive';
      readonly receivers: readonly (ReceiverProps & { readonly destination: string })[];
      readonly latencies: boolean;
    }
  | { readonly type: 'connect'; readonly publishers: readonly PublisherProps[] }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Asks for {@link Counted}, latencies since the last time included. */
  | { readonly type: 'count' }
  /** Asks for {@link Tallied}. @param sent messages of each publisher */
  | { readonly type: 'tally'; readonly sent: readonly number[] };

export interface Counted {
  readonly sent: readonly number[];
  /** Messages by destination. */
  readonly received: Readonly<Record<string, number>>;
  /** Microseconds: median and 99th percentile of what came since the last count. */
  readonly p50?: number;
  readonly p99?: number;
  /** Microseconds of processor time that this process has used. */
  readonly cpu: number;
}

export type Tallied = Readonly<Record<string, { lost: number; doubled: number }>>;

/** Messages of one publisher that can be told apart. */
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
    case 'tally':
      return Object.fromEntries([...destinations].map(([name, received]) => [name, received.compare(request.sent)]));
  }
}

function counted(): Counted {
  const { user, system } = process.cpuUsage();
  const sorted = Float64Array.from(latencies).sort();
  latencies.length = 0;
  return {
    sent: publishers.map(({ sent }) => sent),
    received: Object.fromEntries([...destinations].map(([name, { received }]) => [name, received])),
    p50: sorted[Math.floor(sorted.length * 0.5)],
    p99: sorted[Math.floor(sorted.length * 0.99)],
    cpu: user + system,
  };
}
