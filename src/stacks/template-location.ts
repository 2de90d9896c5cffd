/** Where a template lies in S3. */
export interface TemplateLocation {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

/**
 * The bucket and key of a TemplateURL: path style on this endpoint (a loopback name, or the host that the caller used), and
 * Amazon's own forms, which mean our buckets of that name. Undefined for any other address: nothing is fetched from elsewhere.
 */
export function templateLocation(url: string, endpointHost: string): TemplateLocation | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host, hostname, pathname, searchParams } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  const path = decoded(pathname.slice(1))
  if (path === undefined) return undefined
  const versionId = searchParams.get('versionId')
  const version = versionId === null ? {} : { versionId }
  const bucket = bucketOfHost(hostname)
  if (bucket !== undefined) return path === '' ? undefined : { bucket, key: path, ...version }
  if (!isPathStyle(hostname) && host !== endpointHost) return undefined
  const slash = path.indexOf('/')
  if (slash < 1 || slash === path.length - 1) return undefined
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), ...version }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function isPathStyle(hostname: string): boolean {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return isLoopback || /^s3([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.test(hostname)
}

function bucketOfHost(hostname: string): string | undefined {
  const amazon = /^(.+)\.s3([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.exec(hostname)
  const ours = /^(.+?)(\.s3(\.[a-z0-9-]+)?)?\.localhost$/.exec(hostname)
  return amazon?.[1] ?? ours?.[1]
}
