/** Why a client's request came to nothing. */
export type Failure =
  /** The server answered with a reason code, or a return code under MQTT 3.1.1. */
  | { readonly kind: 'answer'; readonly packet: 'CONNACK' | 'SUBACK' | 'PUBACK' | 'DISCONNECT'; readonly code: number }
  /** The server sent a TLS alert. */
  | { readonly kind: 'alert'; readonly code: string }
  /** The server closed the connection and did not say why. */
  | { readonly kind: 'closed' }
  /** The server did nothing at all, for so many milliseconds. */
  | { readonly kind: 'silence'; readonly milliseconds: number }
  /** Something else: no network, no server, a server that cannot be trusted. */
  | { readonly kind: 'trouble'; readonly message: string };

/** A request of a client that came to nothing. */
export class RequestError extends Error {
  override readonly name = 'ClientError';

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

/** What an error on a connection means; MQTT.js's for a refused CONNECT carries the code of the CONNACK. */
export function failureOf(error: Error & { code?: number | string }): Failure {
  const { code, message } = error;
  if (typeof code === 'number') return { kind: 'answer', packet: 'CONNACK', code };
  // OpenSSL names an alert by its protocol version and its own name: ERR_SSL_TLSV1_ALERT_UNKNOWN_CA.
  const alert = /^ERR_SSL_\w+?_ALERT_(\w+)$/.exec(code ?? '');
  if (alert) return { kind: 'alert', code: alert[1].toLowerCase().replaceAll('_', ' ') };
  // A server that closes with bytes of ours unread makes the system send a reset instead of an orderly end.
  if (code === 'ECONNRESET') return { kind: 'closed' };
  // Where a host name has several addresses, only the code is left of what went wrong with each.
  return { kind: 'trouble', message: message || String(code) };
}
