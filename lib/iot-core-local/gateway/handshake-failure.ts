/** OpenSSL's reason, if there is one, is the readable part of Node's message. */
export type HandshakeError = Error & { readonly reason?: string };

/** The ALPN protocol of MQTT on AWS's port 443. https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html */
export const alpnProtocol = 'x-amzn-mqtt-ca';

/** The alerts of a client that does not accept the server's certificate. https://www.rfc-editor.org/rfc/rfc8446#section-6.2 */
const certificateAlert =
  /alert (?:bad certificate|certificate (?:unknown|expired)|unsupported certificate|unknown ca)$/;

/** Why a TLS handshake failed, for a person whose client cannot connect: a clause for the log, without a full stop. */
export function handshakeFailure({ reason, message }: HandshakeError): string {
  switch (reason ?? message) {
    case 'http request':
      return 'the client sent an HTTP request without TLS, and this port serves MQTT over TLS';
    case 'wrong version number':
      return 'the client sent bytes that are not TLS, and this port serves MQTT over TLS';
    case 'unsupported protocol':
      return 'the client offered neither TLS 1.2 nor 1.3';
    case 'no shared cipher':
      return 'the client offered no cipher that AWS IoT Core takes by default';
    case 'no application protocol':
      return `the client offered no ALPN protocol of MQTT ("${alpnProtocol}", or none at all), as HTTP and WebSocket clients do`;
    case 'socket hang up':
      return "the client closed the connection before the handshake was complete; the client's own error may say why";
    default:
      return certificateAlert.test(reason ?? '')
        ? `the client does not accept the server's certificate (${reason}); it must trust AmazonRootCA1.pem of its device's folder, and connect to 127.0.0.1 or localhost`
        : (reason ?? message);
  }
}
