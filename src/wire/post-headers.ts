import { fault } from './faults.ts'

/** Fields that are headers of the object by another name or the same. */
const plainHeaders: Readonly<Record<string, string>> = {
  acl: 'x-amz-acl',
  'cache-control': 'cache-control',
  'content-type': 'content-type',
  'content-disposition': 'content-disposition',
  'content-encoding': 'content-encoding',
  'content-language': 'content-language',
  'content-md5': 'content-md5',
  expires: 'expires',
}

const ofSignature = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-signature',
  'x-amz-security-token',
])

const ofObject =
  /^x-amz-(?:meta-.+|storage-class|server-side-encryption(?:-.+)?|website-redirect-location|checksum-.+|sdk-checksum-algorithm|object-lock-.+)$/

/** What a form's fields say of its object, as headers of PutObject. Throws NotImplemented for what is not honoured. */
export function objectHeaders(fields: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of fields) {
    const plain = Object.hasOwn(plainHeaders, name) ? plainHeaders[name] : undefined
    if (plain !== undefined) headers[plain] = value
    else if (ofObject.test(name)) headers[name] = value
    else if (name === 'tagging' || (name.startsWith('x-amz-') && !ofSignature.has(name))) {
      throw fault('s3', 'unsupportedOperation', `The form field ${name} is not supported.`)
    }
  }
  return headers
}
