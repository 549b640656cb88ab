/**
 * The DER of a certificate request in PEM.
 *
 * As OpenSSL does, it takes text before and after the request (`openssl req -text`), and the older label `NEW CERTIFICATE REQUEST`.
 *
 * @returns undefined if the text has no request
 */
export function requestDer(text: string): Buffer | undefined {
  const pem =
    /^-----BEGIN (NEW )?CERTIFICATE REQUEST-----[ \t]*\r?\n([A-Za-z0-9+/=\s]*)\n-----END \1CERTIFICATE REQUEST-----\s*$/m.exec(
      text,
    );
  return pem ? Buffer.from(pem[2], 'base64') : undefined;
}
