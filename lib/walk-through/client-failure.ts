/** Why a client's request failed. */
export type Failure =
  /** The server answered with a reason code, or a return code under MQTT 3.1.1. */
  | { readonly kind: 'answer'; readonly packet: 'CONNACK' | 'SUBACK' | 'PUBACK' | 'DISCONNECT'; readonly code: number }
  /** The server sent a TLS alert. */
  | { readonly kind: 'alert'; readonly code: string }
  /** The server closed the connection and did not say why. */
  | { readonly kind: 'closed' }
  /** The server did not answer within this time. */
  | { readonly kind: 'silence'; readonly milliseconds: number }
  /** Anything else: no network, no server, a server with an untrusted certificate. */
  | { readonly kind: 'trouble'; readonly message: string };

/** A client's request that failed. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(readonly failure: Failure) {
    super(describeFailure(failure));
  }
}

/** A failure in a few words: `SUBACK 0x87`, `connection closed`. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'answer':
      return `${failure.packet} 0x${failure.code.toString(16).padStart(2, '0')}`;
    case 'alert':
      return `TLS alert ${failure.code}`;
    case 'closed':
      return 'connection closed';
    case 'silence':
      return `no answer within ${failure.milliseconds / 1000} s`;
    case 'trouble':
      return failure.message;
  }
}

/** The failure that an error on a connection stands for. MQTT.js puts the code of a CONNACK into its error. */
export function failureOf(error: Error & { code?: number | string }): Failure {
  const { code, message } = error;
  if (typeof code === 'number') return { kind: 'answer', packet: 'CONNACK', code };
  // OpenSSL names an alert by its protocol version and its own name: ERR_SSL_TLSV1_ALERT_UNKNOWN_CA.
  const alert = /^ERR_SSL_\w+?_ALERT_(\w+)$/.exec(code ?? '');
  if (alert) return { kind: 'alert', code: alert[1].toLowerCase().replaceAll('_', ' ') };
  // The system sends a reset when a server closes a connection before it has read all bytes.
  if (code === 'ECONNRESET') return { kind: 'closed' };
  // Where a host name has several addresses, the error has a code and no message.
  return { kind: 'trouble', message: message || String(code) };
}
