import { grouped } from '../../util/format';
import { quotas } from '../quotas';

/**
 * What a connection carries in a second, held against AWS's quotas by rate: how many publishes, in and out together, and how many bytes.
 *
 * IoT Core Local is faster than that by orders of magnitude, so it tells what AWS would do; only a strict one does it. A message is counted and
 * no more: the rest is done once a second.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
 */
export class RateQuotas {
  private readonly limit: number;
  private publishes = 0;
  private bytes = 0;
  private readonly publishRate = new Rate(quotas.publishesPerSecond);
  private readonly throughput = new Rate(quotas.kibibytesPerSecond);

  constructor(
    private readonly isStrict: boolean,
    /** Milliseconds. */
    private countedAt: number,
  ) {
    this.limit = isStrict ? quotas.publishesPerSecond : Number.POSITIVE_INFINITY;
  }

  /** Counts a PUBLISH, be it in or out. @returns false for one that is to be discarded */
  admits(): boolean {
    this.publishes += 1;
    return this.publishes <= this.limit;
  }

  /**
   * Once a second: counts anew.
   *
   * @param bytes all that the connection has carried so far, both ways
   * @returns what has begun to be over its quota, a sentence each without its subject and full stop
   */
  tick(now: number, bytes: number): string[] {
    // A tick that comes late has counted for longer.
    const seconds = Math.max(1, (now - this.countedAt) / 1000);
    const publishes = Math.round(this.publishes / seconds);
    const kibibytes = Math.round((bytes - this.bytes) / 1024 / seconds);
    this.countedAt = now;
    this.publishes = 0;
    this.bytes = bytes;
    const discards = this.isStrict ? 'discards' : 'would discard';
    return [
      ...this.publishRate.tell(
        publishes,
        `publishes in a second, in and out; AWS takes ${quotas.publishesPerSecond} on a connection and ${discards} the rest`,
      ),
      ...this.throughput.tell(
        kibibytes,
        `KiB in a second, in and out; AWS takes ${quotas.kibibytesPerSecond} on a connection and would delay the rest`,
      ),
    ];
  }
}

/** A quota that is told of when it begins to be exceeded, and not again while it is. */
class Rate {
  private isOver = false;

  constructor(private readonly quota: number) {}

  tell(rate: number, what: string): string[] {
    const wasOver = this.isOver;
    this.isOver = rate > this.quota;
    return this.isOver && !wasOver ? [`had ${grouped(rate)} ${what}`] : [];
  }
}
