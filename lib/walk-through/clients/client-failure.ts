/** Why a client's request failed. */
export type Failure =
  /** The server answered with a reason code, or a return code under MQTT 3.1.1. */
  | { readonly kind: 'answer'; readonly packet: 'CONNACK' | 'SUBACK' | 'PUBACK' | 'DISCONNECT'; readonly code: number }
  /** The server sent a TLS alert; its number is of RFC 8446, 6, or of an earlier version. */
  | { readonly kind: 'alert'; readonly number: number }
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
      return `TLS alert ${failure.number}${failure.number in alerts ? ` (${alerts[failure.number]})` : ''}`;
    case 'closed':
      return 'connection closed';
    case 'silence':
      return `no answer within ${failure.milliseconds / 1000} s`;
    case 'trouble':
      return failure.message;
  }
}

/**
 * The error codes of a connection that the other side has closed: a reset, if the other side had not read all bytes, or a failed write
 * to the closed connection. Windows has ECONNABORTED for it.
 */
const closings = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** The alerts with which a server refuses a certificate. */
const alerts: Readonly<Record<number, string>> = {
  40: 'handshake failure',
  41: 'no certificate',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
  48: 'unknown CA',
  49: 'access denied',
};

/** Whether an alert refuses the client's certificate. Other alerts are about faults of the protocol or the server. */
export function refusesCertificate(alert: number): boolean {
  return alert in alerts;
}

/** The failure that an error on a connection stands for. MQTT.js puts the code of a CONNACK into its error. */
export function failureOf(error: Error & { code?: number | string }): Failure {
  const { code, message } = error;
  if (typeof code === 'number') return { kind: 'answer', packet: 'CONNACK', code };
  // The code depends on the version of Node.js, and within the handshake it is EPROTO. The message of OpenSSL always has the number.
  const alert = /SSL alert number (\d+)/.exec(message);
  if (alert) return { kind: 'alert', number: Number(alert[1]) };
  if (closings.has(code ?? '')) return { kind: 'closed' };
  // Where a host name has several addresses, the error has a code and no message.
  return { kind: 'trouble', message: message || String(code) };
}
