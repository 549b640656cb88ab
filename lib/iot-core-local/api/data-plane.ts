import { InvalidTopicError } from '../broker/invalid-topic-error';
import { Message, type ServedQos } from '../broker/message';
import { checkTopicName } from '../broker/topic-filter';
import { quote } from '../mqtt/decode-error';
import { PublishBody } from '../mqtt/publish-body';
import { quotas } from '../quotas';
import { IotError } from '../registry/iot-error';
import { onClient, onPublished, onTopic } from './needed-access';
import { flag, operation } from './operation';
import { pageByToken } from './pages';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html */
export const dataPlaneOperations = {
  Publish: operation(
    'POST /topics/{topic}?qos&retain',
    onPublished,
    ({ path: { topic }, query, headers, body }, { broker, clocks, log }) => {
      const property = Object.keys(headers).find((name) => name.startsWith('x-amz-mqtt5-'));
      if (property) throw new IotError('NotImplementedException', `IoT Core Local publishes without ${property}.`);
      const isRetained = flag(query.retain, 'retain');
      const service = checkTopic(topic, isRetained);
      if (body.length > quotas.payload) {
        throw new IotError(
          'RequestEntityTooLargeException',
          `A payload has at most ${quotas.payload} bytes; this has ${body.length}.`,
        );
      }
      const qos = servedQos(query.qos);
      if (service !== undefined) {
        const message = `The API published to ${quote(topic)}, which on AWS belongs to ${service}; IoT Core Local has no such service.`;
        log({ level: 'warn', message });
      }
      // No client has an empty id, so No Local keeps this message from nobody.
      broker.publish(new Message(topic, PublishBody.of(body), qos, isRetained, '', clocks.monotonic()));
    },
  ),

  GetRetainedMessage: operation('GET /retainedMessage/{topic}', onTopic, ({ path: { topic } }, { broker }) => {
    const retained = broker.findRetained(topic);
    if (!retained) throw new IotError('ResourceNotFoundException', `No message is retained on "${topic}".`);
    const { message, retainedAt } = retained;
    return {
      topic,
      payload: message.body.payload.toString('base64'),
      qos: message.qos,
      lastModifiedTime: retainedAt,
    };
  }),

  GetConnection: operation(
    'GET /connections/{clientId}',
    onClient,
    ({ path: { clientId } }, { presence, authorizer }) => {
      const record = presence.find(clientId);
      if (!record) throw unknownClient(clientId);
      const { certificateArn, keepAlive, sessionExpiry, connectedSince, disconnectedSince } = record;
      const connected = disconnectedSince === undefined;
      return {
        clientId,
        connected,
        thingName: authorizer.thingOf({ certificateArn, clientId })?.thingName,
        cleanSession: sessionExpiry === 0,
        sessionExpiry,
        keepAliveDuration: keepAlive,
        connectedSince: connected ? connectedSince : undefined,
        disconnectedSince,
      };
    },
  ),

  ListSubscriptions: operation(
    'GET /connections/{clientId}/subscriptions?maxResults&nextToken',
    onClient,
    ({ path: { clientId }, query }, { broker, presence, faults }) => {
      const session = broker.findSession(clientId);
      if (!session && !presence.find(clientId)) throw unknownClient(clientId);
      const subscriptions = [...(session?.subscriptions.values() ?? [])].map(({ topicFilter, qos }) => ({
        topicFilter: topicFilter.text,
        qos,
      }));
      return pageByToken('subscriptions', subscriptions, query, faults);
    },
  ),

  DeleteConnection: operation(
    'DELETE /connections/{clientId}?cleanSession&preventWillMessage',
    onClient,
    ({ path: { clientId }, query }, { broker }) => {
      const isKnown = broker.deleteConnection(clientId, {
        endSession: flag(query.cleanSession, 'cleanSession'),
        withWill: !flag(query.preventWillMessage, 'preventWillMessage'),
      });
      if (!isKnown) throw unknownClient(clientId);
    },
  ),
};

/** @returns the service of AWS that a reserved topic belongs to */
function checkTopic(topic: string, isRetained: boolean): string | undefined {
  if (topic.includes('\0')) throw new IotError('InvalidRequestException', 'A topic has no U+0000.');
  if (/[+#]/.test(topic)) {
    throw new IotError('InvalidRequestException', `A topic to publish to has no wildcard; "${topic}" has one.`);
  }
  try {
    return checkTopicName(topic, isRetained);
  } catch (error) {
    if (!(error instanceof InvalidTopicError)) throw error;
    throw new IotError('InvalidRequestException', error.message);
  }
}

function servedQos(qos = '0'): ServedQos {
  if (qos === '0' || qos === '1') return qos === '0' ? 0 : 1;
  throw new IotError('InvalidRequestException', `AWS IoT Core publishes at QoS 0 or 1, not ${qos}.`);
}

function unknownClient(clientId: string): IotError {
  return new IotError('ResourceNotFoundException', `No client "${clientId}" is connected or has left a session.`);
}
