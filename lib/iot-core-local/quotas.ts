/**
 * What AWS IoT Core allows a client.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
 */
export const quotas = {
  /** Bytes. */
  clientId: 128,
  /** Bytes. */
  payload: 128 * 1024,
  /** Bytes of a whole packet. AWS's pages disagree (128 KB, 146 KB); the larger leaves a payload of 128 KB room for its properties. */
  packet: 146 * 1024,
  filtersPerSubscribe: 8,
  subscriptionsPerConnection: 50,
  /** QoS 1 messages that a client has not acknowledged. */
  unacknowledged: 100,
  topicAliases: 8,
  /** Of one connection, in and out together. IoT Core Local enforces this quota and the two below only if it is strict. */
  publishesPerSecond: 100,
  /** Of one connection, in and out together. */
  kibibytesPerSecond: 512,
  /** Milliseconds from one CONNECT of a client id to the next. */
  connectInterval: 1000,
  /** Seconds. A keep-alive outside of these is brought within them, and 0 becomes the longest. */
  keepAlive: { shortest: 30, longest: 1200 },
  /** Seconds that a session outlives its connection: the account's default cap, and the time of a persistent 3.1.1 session. */
  sessionExpiry: 3600,
  /** Seconds. */
  messageExpiry: { shortest: 1, longest: 604_800 },
} as const;
