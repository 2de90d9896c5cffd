import type { Scope } from '../kernel/scope.ts'
import type { ObjectReader } from '../objects/objects.ts'
import { templateLimits } from './domain/template.ts'
import { invalid } from './stack-refusal.ts'
import { templateLocation } from './template-location.ts'

/** How a request names its template. */
export interface TemplateSource {
  readonly body?: string | undefined
  readonly url?: string | undefined
  readonly usePrevious?: boolean | undefined
  /** The text that an earlier request's template was: its length was looked at then, by where it came from. */
  readonly read?: string | undefined
  /** `127.0.0.1:4566`: the endpoint as the caller named it, whose path-style addresses are ours. */
  readonly endpointHost: string
}

/** The template's text. Throws a `StackRefusal` for none, too large ones, and addresses that are not ours. */
export async function readBody(
  objects: ObjectReader,
  scope: Scope,
  source: TemplateSource,
): Promise<string> {
  const { body, url, read } = source
  if (read !== undefined) return read
  if ((body === undefined) === (url === undefined)) {
    throw invalid('Either Template URL or Template Body must be specified.')
  }
  if (body !== undefined) {
    const size = Buffer.byteLength(body)
    if (size === 0) {
      throw invalid(
        "1 validation error detected: Value '' at 'templateBody' failed to satisfy constraint: Member must have length greater than or equal to 1",
      )
    }
    if (size <= templateLimits.inlineBytes) return body
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${templateLimits.inlineBytes}`,
    )
  }
  return readObject(objects, scope, url ?? '', source.endpointHost)
}

async function readObject(
  objects: ObjectReader,
  scope: Scope,
  url: string,
  endpointHost: string,
): Promise<string> {
  const location = templateLocation(url, endpointHost)
  if (!location) throw invalid('TemplateURL must be a supported URL.')
  const found = await objects.read(scope, location)
  if (!found) {
    throw invalid(
      `S3 error: The specified key does not exist: s3://${location.bucket}/${location.key}`,
    )
  }
  if (found.view.size > templateLimits.objectBytes) {
    found.body.destroy()
    throw invalid(`Template may not exceed ${templateLimits.objectBytes} bytes in size.`)
  }
  const chunks: Buffer[] = []
  for await (const chunk of found.body) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
