/** The library that makes and reads certificates and their requests. */
export type X509 = typeof import('@peculiar/x509');

/** Loads the library when the first certificate is made, as loading it takes longer than the rest of a start. */
export async function loadX509(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

/** The algorithms of signatures, by the kind of key, as the library wants them. */
export const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;
