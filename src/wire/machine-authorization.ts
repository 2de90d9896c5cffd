/** What an instance shows instead of a signature of its own: `CFN_V1 base64(identity document):signature`. */
export function readMachineAuthorization(
  header: string | undefined,
): { readonly document: string; readonly signature: string } | undefined {
  const [, document, signature] =
    /^CFN_V1 ([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/.exec(header ?? '') ?? []
  if (document === undefined || signature === undefined) return undefined
  return { document: Buffer.from(document, 'base64').toString('utf8'), signature }
}
