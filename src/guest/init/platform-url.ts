const s3Hosts = /^s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/
const bucketHosts = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/

/** Addresses of S3 as templates write them mean the platform's endpoint, by path; every other address stays what it is. */
export function platformUrl(
  text: string,
  endpoint: string,
): { readonly url: string; readonly isS3: boolean } {
  const { protocol, hostname, pathname, search, origin } = new URL(text)
  if (protocol === 's3:') return { url: `${endpoint}/${hostname}${pathname}${search}`, isS3: true }
  if (s3Hosts.test(hostname)) return { url: `${endpoint}${pathname}${search}`, isS3: true }
  const [, bucket] = bucketHosts.exec(hostname) ?? []
  if (bucket !== undefined) return { url: `${endpoint}/${bucket}${pathname}${search}`, isS3: true }
  return { url: text, isS3: origin === endpoint }
}
