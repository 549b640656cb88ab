import { type Attempt, clientIdOf, describeAttempt, type Outcome } from '../../walk-through/attempts';
import type { AttemptInfo, Tried } from '../model/events';

/** An attempt with the client, the action and the resource that a policy statement would name. */
export function attemptInfo(attempt: Attempt): AttemptInfo {
  const sentence = describeAttempt(attempt);
  switch (attempt.kind) {
    case 'listen':
    case 'join':
    case 'bypass':
    case 'widen':
    case 'overhear':
      return { ...actor(attempt), sentence, action: 'iot:Subscribe', resource: `topicfilter/${attempt.topicFilter}` };
    case 'retain':
      return { ...actor(attempt), sentence, action: 'iot:RetainPublish', resource: `topic/${attempt.topic}` };
    case 'stray':
    case 'publish':
      return { ...actor(attempt), sentence, action: 'iot:Publish', resource: `topic/${attempt.topic}` };
    case 'impersonate':
    case 'invent':
    case 'forge': {
      const { thingName: device } = attempt.kind === 'forge' ? attempt.victim : attempt.device;
      const client = clientIdOf(attempt);
      return { device, client, sentence, action: 'iot:Connect', resource: `client/${client}` };
    }
  }
}

/** @param reason - why the target refused it, where it says so */
export function triedOf(attempt: Attempt, outcome: Outcome, reason?: string): Tried {
  const tried = { attempt: attemptInfo(attempt), isRefused: outcome.refused };
  const answer = outcome.refused ? outcome.answer : outcome.reason;
  if (reason === undefined) return { ...tried, answer };
  const { sentence, statement } = taken(reason);
  return { ...tried, answer, reason: sentence, ...(statement && { statement }) };
}

/** Takes the statement that would allow the attempt from the end of a reason, where it is in JSON. */
function taken(reason: string): { sentence: string; statement?: string } {
  const [, sentence, statement] =
    /^(.*?)[;:] (?:this one would|this statement would allow it): (\{.*\})\.?$/s.exec(reason) ?? [];
  return statement === undefined ? { sentence: reason } : { sentence: `${sentence}.`, statement };
}

function actor({ device }: Extract<Attempt, { topic: string } | { topicFilter: string }>) {
  return { device: device.thingName, client: device.clientId };
}
