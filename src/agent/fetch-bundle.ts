import { cleanTar, inspectBundle, spool } from '../drivers/archive/index.ts'
import type { BundleContents } from '../drivers/archive/index.ts'
import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { Endpoint } from './commands-client.ts'
import { encoded, signRequest } from './sign-request.ts'
import type { S3Revision } from './specification.ts'

export interface FetchedBundle {
  readonly contents: BundleContents
  tar(): AsyncIterable<Buffer>
  remove(): Promise<void>
}

/** Gets the bundle from S3 to a private file, holds it to its ETag and to the rules for bundles. */
export async function fetchBundle(
  endpoint: Endpoint,
  place: { readonly account: string; readonly region: string; readonly directory: string },
  revision: S3Revision,
): Promise<FetchedBundle> {
  const name = `s3://${revision.Bucket}/${revision.Key}`
  const response = await get(endpoint, place, revision)
  if (!response.ok || !response.body) {
    const text = (await response.text()).slice(0, 300)
    throw new DriverError(`${name} was answered ${response.status}: ${text}`, {
      retryable: response.status >= 500,
    })
  }
  const etag = (response.headers.get('etag') ?? '').replaceAll('"', '')
  const wanted = revision.ETag?.replaceAll('"', '')
  if (wanted !== undefined && wanted !== etag) {
    await response.body.cancel()
    const message = `${name} has the ETag ${etag}, not ${wanted}: it changed after it was registered`
    throw new DriverError(message, { retryable: false })
  }
  return bundleIn(response.body, place.directory, { name, type: revision.BundleType, etag })
}

/** Puts a bundle that arrives into a private file, and holds it to its ETag, where that is an MD5, and to the rules for bundles. */
export async function bundleIn(
  body: AsyncIterable<Uint8Array>,
  directory: string,
  of: { readonly name: string; readonly type: S3Revision['BundleType']; readonly etag?: string },
): Promise<FetchedBundle> {
  const { name, type, etag = '' } = of
  const spooled = await spool(body, directory)
  try {
    if (/^[0-9a-f]{32}$/.test(etag) && etag !== spooled.md5) {
      throw new DriverError(`${name} did not arrive whole: its MD5 is not its ETag`, {
        retryable: true,
      })
    }
    const source = { path: spooled.path, type, compressedBytes: spooled.size }
    const contents = await inspectBundle(source)
    return { contents, tar: () => cleanTar(source, contents), remove: spooled.remove }
  } catch (thrown) {
    await spooled.remove()
    throw thrown
  }
}

async function get(
  endpoint: Endpoint,
  place: { readonly account: string; readonly region: string },
  revision: S3Revision,
): Promise<Response> {
  const path = [revision.Bucket, ...revision.Key.split('/')].map(encoded).join('/')
  const url = new URL(`${endpoint.url}/${path}`)
  if (revision.Version !== undefined) url.searchParams.set('versionId', revision.Version)
  const headers = signRequest(
    { method: 'GET', url, headers: {}, body: '' },
    {
      region: place.region,
      service: 's3',
      credentials: await endpoint.credentials(place.account),
      now: Date.now(),
    },
  )
  try {
    return await fetch(url, { headers })
  } catch (thrown) {
    const message = `${endpoint.url} cannot be reached: ${reasonOf(thrown)}`
    throw new DriverError(message, { retryable: true, cause: thrown })
  }
}
