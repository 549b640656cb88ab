/** The pairs of key exchange and authentication that every cipher of TLS 1.2 comes with. The empty one is RSA for both. */
const keyExchanges = ['ECDHE-ECDSA-', 'ECDHE-RSA-', ''];

/**
 * The ciphers that AWS IoT Core takes by default, with OpenSSL's names: those of the security policy IoTSecurityPolicy_TLS13_1_2_2022_10.
 *
 * OpenSSL has more for TLS 1.2, among them ChaCha20-Poly1305. A client that has only one of those does not reach AWS.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/transport-security.html
 */
export const tlsCiphers: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  ...keyExchanges.flatMap((keyExchange) => [
    `${keyExchange}AES128-GCM-SHA256`,
    `${keyExchange}AES128-SHA256`,
    `${keyExchange}AES128-SHA`,
    `${keyExchange}AES256-GCM-SHA384`,
    keyExchange === '' ? 'AES256-SHA256' : `${keyExchange}AES256-SHA384`,
    `${keyExchange}AES256-SHA`,
  ]),
];
