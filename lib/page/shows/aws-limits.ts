import type { Fleet } from '../../fleet/fleet';
import { grouped } from '../../util/format';
import { destinations } from '../../walk-through/destination';

/** After how many minutes a show on AWS ends. */
export const awsMinutes = 5;

/** The most messages a second that a fleet publishes: half of what AWS lets through a consumer's connection. */
export const awsMostPerSecond = 50;

/** US dollars for a million messages of up to 5 KB, published or delivered, in us-east-1. https://aws.amazon.com/iot-core/pricing/ */
const millionMessages = 1;

/** A sentence that says what a show on AWS costs at the most. */
export function awsCost(fleet: Fleet): string {
  const published = awsMinutes * 60 * awsMostPerSecond;
  const all = published * (1 + destinations(fleet).length);
  const dollars = Math.ceil((all / 1_000_000) * millionMessages * 100) / 100;
  return `On AWS the page publishes at most ${awsMostPerSecond} messages a second and ends after ${awsMinutes} minutes. That is at most ${grouped(all)} messages with their deliveries, about $${dollars.toFixed(2)} at $1 for a million messages (us-east-1).`;
}
