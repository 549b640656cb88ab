import { type IoTClient, paginateListThings } from '@aws-sdk/client-iot';
import { isCheckoutId } from '../devices/checkout-id';
import { checkoutAttribute } from '../fleet/thing-attributes';
import { explained } from './aws-iot';

/** A thing that this project deployed, as its mark says. */
interface MarkedThing {
  readonly thingName: string;
  /** The id of the checkout that deployed it. */
  readonly checkoutId: string;
}

/** The things of an account that this project deployed, without those that the caller knows. */
export interface MarkedThings {
  /** The first of them, at most {@link mostNamed}, in the order of AWS's list. */
  readonly things: readonly MarkedThing[];
  /** How many were found, with those that are not named. */
  readonly count: number;
  /** Whether the list was read to its end. */
  readonly isComplete: boolean;
}

/** The most things that are named. An account can have any number, and a person reads few. */
const mostNamed = 1_000;

/** AWS's largest page. https://docs.aws.amazon.com/iot/latest/apireference/API_ListThings.html */
const pageSize = 250;

/** Milliseconds. With a fifth of a second for a page, some 35,000 things are listed in that time. */
const listingTime = 30_000;

/**
 * Lists the things that carry this project's mark, the attribute {@link checkoutAttribute} with the id of a checkout. AWS leaves out all other
 * things, so the size of the account does not matter. A thing that was deployed before things were marked is not found.
 *
 * @param known - the names of things that are left out
 * @param abortSignal - ends the list early; what was found by then is the answer
 * @throws AwsIotError when AWS does not answer
 */
export async function otherMarkedThings(
  known: ReadonlySet<string>,
  client: IoTClient,
  abortSignal = AbortSignal.timeout(listingTime),
): Promise<MarkedThings> {
  const things: MarkedThing[] = [];
  let count = 0;
  try {
    await explained(client, 'What other fleets have here', async () => {
      const pages = paginateListThings({ client, pageSize }, { attributeName: checkoutAttribute }, { abortSignal });
      for await (const page of pages) {
        for (const { thingName = '', attributes } of page.things ?? []) {
          const checkoutId = attributes?.[checkoutAttribute] ?? '';
          // An attribute of that name with another value is somebody else's.
          if (known.has(thingName) || !isCheckoutId(checkoutId)) continue;
          count += 1;
          if (things.length < mostNamed) things.push({ thingName, checkoutId });
        }
        abortSignal.throwIfAborted();
      }
    });
  } catch (error) {
    if (!abortSignal.aborted) throw error;
    return { things, count, isComplete: false };
  }
  return { things, count, isComplete: true };
}
