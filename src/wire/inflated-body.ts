import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { fault, type Family } from './faults.ts'
import { bodyBytesMax } from './limits.ts'
import { Malformed } from './malformed.ts'

const inflate = promisify(gunzip)

/** A body as it was before its client packed it: SDKs send what is larger than 10 KiB of metrics with gzip. Signatures cover it packed. */
export async function inflatedBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  family: Family,
): Promise<Buffer> {
  if (headers['content-encoding']?.trim().toLowerCase() !== 'gzip' || body.length === 0) return body
  try {
    return await inflate(body, { maxOutputLength: bodyBytesMax })
  } catch (thrown) {
    const isTooLarge = thrown instanceof RangeError
    if (!isTooLarge) throw new Malformed('the body is not packed with gzip', 'body')
    const message = `The request body is larger than ${bodyBytesMax} bytes.`
    throw fault(family, 'bodyTooLarge', message)
  }
}
