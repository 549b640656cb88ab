import { randomUUID } from 'node:crypto';
import type { StackIdentity } from '../stack/stack-identity';
import { AnswerUrl } from './answer-url';
import type { Lambda } from './lambda';

/** A request to the function of a custom resource. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export type CustomResourceRequest =
  | { readonly RequestType: 'Create' }
  | { readonly RequestType: 'Update'; readonly PhysicalResourceId: string; readonly OldResourceProperties: unknown }
  | { readonly RequestType: 'Delete'; readonly PhysicalResourceId: string };

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** The resource that a request is about. */
export interface CustomResourceCall {
  readonly logicalId: string;
  readonly type: string;
  readonly stack: StackIdentity;
  readonly lambda: Lambda;
  readonly serviceToken: string;
  readonly properties: unknown;
  /** Seconds that the function has for its answer. */
  readonly timeout: number;
}

/** A request that the function answered with FAILED. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  constructor(readonly answer: CustomResourceAnswer) {
    super(answer.Reason || 'Its function answered FAILED without a reason.');
  }
}

/**
 * Sends a request to the function of a custom resource.
 *
 * @returns the answer, whose status is SUCCESS
 * @throws RequestFailed if the answer is FAILED; Error if there is no valid answer in time
 */
export async function send(request: CustomResourceRequest, call: CustomResourceCall): Promise<CustomResourceAnswer> {
  const { logicalId, type, stack, lambda, serviceToken, properties, timeout } = call;
  const identity = { StackId: stack.stackId, RequestId: randomUUID(), LogicalResourceId: logicalId };
  const url = await AnswerUrl.open();
  try {
    const event = { ...request, ...identity, ResponseURL: url.toString(), ResourceType: type };
    await lambda.invoke(
      serviceToken,
      { ...event, ServiceToken: serviceToken, ResourceProperties: properties },
      timeout,
    );
  } finally {
    await url.close();
  }
  const answer = answerIn(url.answer, identity);
  if (answer.Status !== 'SUCCESS') throw new RequestFailed(answer);
  return answer;
}

function answerIn(
  text: string | undefined,
  identity: Pick<CustomResourceAnswer, 'StackId' | 'RequestId' | 'LogicalResourceId'>,
): CustomResourceAnswer {
  if (text === undefined) throw new Error('Its function ended without an answer.');
  const answer = JSON.parse(text) as CustomResourceAnswer;
  for (const [name, value] of Object.entries(identity)) {
    if (answer[name as keyof CustomResourceAnswer] !== value) {
      throw new Error(`The answer of its function has another ${name} than the request.`);
    }
  }
  if (!answer.PhysicalResourceId) throw new Error('The answer of its function has no PhysicalResourceId.');
  return answer;
}
