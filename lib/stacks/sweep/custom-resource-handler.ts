import { answer } from './answer';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface CloudFormationRequest {
  readonly RequestType: string;
  /** Presigned: whoever has it can answer in the resource's name. It goes into no log. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: unknown;
}

/** The part of an invocation's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** What a custom resource does when it is created and deleted, without CloudFormation's protocol. */
export interface LifeCycle<Properties> {
  create(properties: Properties, signal: AbortSignal): Promise<void>;
  delete(properties: Properties, signal: AbortSignal): Promise<void>;
}

/**
 * The physical ids of a resource whose creation succeeded and of one whose creation failed. An update never changes them: CloudFormation
 * would delete the resource with the old id, and so sweep.
 */
const created = 'armed-fleet';
const notCreated = 'never-armed-fleet';

/** The signal asks the work to end this long before the invocation ends, in milliseconds. */
const margin = 15_000;
/** Work that goes on for this long after the signal is given up, in milliseconds. The time that is left is for the answer. */
const grace = 5_000;

/**
 * A Lambda handler for a custom resource. It gives CloudFormation one answer to each request, whatever happens.
 *
 * @throws Error only if CloudFormation cannot be reached; Lambda then invokes the handler again, twice
 */
export function customResourceHandler<Properties>(life: LifeCycle<Properties>) {
  return async (request: CloudFormationRequest, context: InvocationContext): Promise<void> => {
    const reason = await failure(() => inTime(context, (signal) => live(life, request, signal)));
    const verdict = reason === undefined ? 'SUCCESS' : `FAILED: ${reason}`;
    console.log(`${request.RequestType} ${request.LogicalResourceId}: ${verdict}`);
    await answer(request.ResponseURL, {
      Status: reason === undefined ? 'SUCCESS' : 'FAILED',
      Reason: reason,
      PhysicalResourceId: request.PhysicalResourceId ?? (reason === undefined ? created : notCreated),
      StackId: request.StackId,
      RequestId: request.RequestId,
      LogicalResourceId: request.LogicalResourceId,
    });
  };
}

async function live<P>(life: LifeCycle<P>, request: CloudFormationRequest, signal: AbortSignal): Promise<void> {
  const properties = request.ResourceProperties as P;
  switch (request.RequestType) {
    case 'Create':
      return life.create(properties, signal);
    case 'Update':
      // The properties only say what a deletion is about.
      return;
    case 'Delete':
      // After a failed creation CloudFormation deletes a resource that never existed.
      if (request.PhysicalResourceId === created) await life.delete(properties, signal);
      return;
    default:
      throw new Error(`CloudFormation asks to Create, Update or Delete; this request is to "${request.RequestType}".`);
  }
}

async function failure(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error && error.message ? error.message : String(error);
  }
}

/** Does the work while there is time. Then the signal asks it to end, with an error that says what is left. */
async function inTime(context: InvocationContext, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const time = Math.max(0, context.getRemainingTimeInMillis() - margin);
  const end = new AbortController();
  const asking = setTimeout(() => end.abort(), time);
  let givingUp: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const late = new Error(`Nothing was heard of the work for ${grace / 1000} seconds after its time was up.`);
    givingUp = setTimeout(() => reject(late), time + grace);
  });
  try {
    await Promise.race([work(end.signal), tooLate]);
  } finally {
    clearTimeout(asking);
    clearTimeout(givingUp);
  }
}
