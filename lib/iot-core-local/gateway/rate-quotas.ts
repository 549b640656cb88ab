import { grouped } from '../../util/format';
import { quotas } from '../quotas';

/**
 * Compares what a connection carries in a second with AWS's quotas by rate: publishes, in and out together, and bytes.
 *
 * IoT Core Local is much faster than these quotas, so it logs what AWS would do, and does it only if it is strict. A message is only counted;
 * the rest happens once a second.
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

  /** Counts a PUBLISH, in or out. @returns false if it must be discarded */
  admits(): boolean {
    this.publishes += 1;
    return this.publishes <= this.limit;
  }

  /**
   * Once a second: compares the counts with the quotas, and starts them again.
   *
   * @param bytes - the number of bytes that the connection has carried since it opened, both ways
   * @returns for each quota that is exceeded and was not before, a sentence without its subject and full stop
   */
  tick(now: number, bytes: number): string[] {
    // A tick that comes late has counted for longer.
    const seconds = Math.max(1, (now - this.countedAt) / 1000);
    const publishes = Math.round(this.publishes / seconds);
    const kibibytes = Math.round((bytes - this.bytes) / 1024 / seconds);
    this.countedAt = now;
    this.publishes = 0;
    this.bytes = bytes;
    const begun: string[] = [];
    // The texts are made only when they are needed: most connections are idle, and each of them has a tick.
    if (this.publishRate.begins(publishes)) begun.push(this.tooManyPublishes(publishes));
    if (this.throughput.begins(kibibytes)) begun.push(tooManyKibibytes(kibibytes));
    return begun;
  }

  /** Begins to count after a time without {@link tick}, in which the connection carried nothing. */
  restart(now: number): void {
    this.countedAt = now;
    this.publishRate.begins(0);
    this.throughput.begins(0);
  }

  private tooManyPublishes(publishes: number): string {
    const discards = this.isStrict ? 'discards' : 'would discard';
    return `had ${grouped(publishes)} publishes in a second, in and out; AWS takes ${quotas.publishesPerSecond} on a connection and ${discards} the rest`;
  }
}

function tooManyKibibytes(kibibytes: number): string {
  return `had ${grouped(kibibytes)} KiB in a second, in and out; AWS takes ${quotas.kibibytesPerSecond} on a connection and would delay the rest`;
}

/** A rate, and the quota that it is compared with once a second. */
class Rate {
  private isOver = false;

  constructor(private readonly quota: number) {}

  /** Whether the rate is above the quota and was not in the second before. */
  begins(rate: number): boolean {
    const wasOver = this.isOver;
    this.isOver = rate > this.quota;
    return this.isOver && !wasOver;
  }
}
