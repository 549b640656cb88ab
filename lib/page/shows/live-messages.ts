import { randomBytes } from 'node:crypto';
import type { Car } from '../../fleet/fleet';

/** The blog post's first speed, and how many speeds there are before it begins again. */
const firstSpeed = 75;
const speeds = 23;

/** A message of a live show. */
interface LiveMessage {
  readonly number: number;
  /** Its text: that of the blog post, and its number. */
  readonly message: string;
  /** What it says, in a few characters. */
  readonly label: string;
}

/** The messages of a live show. Each has a number, by which it is known when it arrives. */
export class LiveMessages {
  /** Another show's messages on the same topic have another. */
  private readonly run = randomBytes(4).toString('hex');
  private last = 0;
  private readonly countOf = new Map<Car, number>();

  /** A car's next message. */
  next(car: Car): LiveMessage {
    this.last += 1;
    const count = this.countOf.get(car) ?? 0;
    this.countOf.set(car, count + 1);
    const speed = firstSpeed + 2 * (count % speeds);
    const message = JSON.stringify({ ID: car.thingName, speed: String(speed), message: `${this.run}/${this.last}` });
    return { number: this.last, message, label: `speed ${speed}` };
  }

  /** @returns undefined for a text that is none of these messages */
  numberOf(text: string): number | undefined {
    const [, run, digits] = /"message":"(\w+)\/(\d{1,15})"\}$/.exec(text) ?? [];
    const number = Number(digits);
    return run === this.run && number >= 1 && number <= this.last ? number : undefined;
  }
}
