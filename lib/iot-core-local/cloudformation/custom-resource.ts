import { randomUUID } from 'node:crypto';
import { AnswerUrl } from './answer-url';
import { type ResourceContext, type ResourceType, textProperty } from './resource-type';

type Request =
  | { readonly RequestType: 'Create' }
  | { readonly RequestType: 'Delete'; readonly PhysicalResourceId: string };

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** A request that the function answered with FAILED. */
class RequestFailed extends Error {
  constructor(readonly answer: Answer) {
    super(answer.Reason || 'Its function answered FAILED without a reason.');
  }
}

/**
 * A custom resource. A Lambda function creates and deletes it, and sends its answer to a URL.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export const customResource: ResourceType = {
  async create(properties, context) {
    try {
      const { PhysicalResourceId, Data } = await ask({ RequestType: 'Create' }, properties, context);
      return { ref: PhysicalResourceId, attributes: Data ?? {} };
    } catch (error) {
      if (error instanceof RequestFailed) await rollBack(error.answer, properties, context);
      throw error;
    }
  },

  async delete(properties, { ref }, context) {
    await ask({ RequestType: 'Delete', PhysicalResourceId: ref }, properties, context);
  },
};

/** CloudFormation has the function delete what it could not create. The error of the creation remains the one that is reported. */
async function rollBack({ PhysicalResourceId }: Answer, properties: Record<string, unknown>, context: ResourceContext) {
  try {
    await ask({ RequestType: 'Delete', PhysicalResourceId }, properties, context);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
  }
}

/** @throws RequestFailed if the answer is FAILED; Error if there is no valid answer */
async function ask(
  request: Request,
  properties: Record<string, unknown>,
  { resource, stack, lambda }: ResourceContext,
): Promise<Answer> {
  const serviceToken = textProperty(properties.ServiceToken, 'ServiceToken');
  const identity = { StackId: stack.stackId, RequestId: randomUUID(), LogicalResourceId: resource.logicalId };
  const url = await AnswerUrl.open();
  try {
    await lambda.invoke(serviceToken, {
      ...request,
      ...identity,
      ResponseURL: url.toString(),
      ResourceType: resource.type,
      ResourceProperties: asText(properties),
    });
  } finally {
    await url.close();
  }
  const answer = parse(url.answer, identity);
  if (answer.Status !== 'SUCCESS') throw new RequestFailed(answer);
  return answer;
}

function parse(
  text: string | undefined,
  identity: Pick<Answer, 'StackId' | 'RequestId' | 'LogicalResourceId'>,
): Answer {
  if (text === undefined) throw new Error('Its function ended without an answer.');
  const answer = JSON.parse(text) as Answer;
  for (const [name, value] of Object.entries(identity)) {
    if (answer[name as keyof Answer] !== value)
      throw new Error(`The answer of its function has another ${name} than the request.`);
  }
  if (!answer.PhysicalResourceId) throw new Error('The answer of its function has no PhysicalResourceId.');
  return answer;
}

/** CloudFormation passes numbers and booleans to the function as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asText(entry)]));
}
