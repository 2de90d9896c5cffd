import { createHmac } from 'node:crypto'
import { AwsError } from '../kernel/errors.ts'
import type { FormSigner } from './authenticate.ts'
import { readFormAuthorization } from './authorization.ts'
import { fault } from './faults.ts'
import { equals, isPolicySignedBy } from './sigv4.ts'

const algorithm = 'AWS4-HMAC-SHA256'

/** Who signed a form's policy, in the new way or the old; undefined when nobody did. Throws for half a signature. */
export function formSigner(fields: ReadonlyMap<string, string>): FormSigner | undefined {
  const policy = fields.get('policy')
  if (fields.has('x-amz-signature') || fields.has('x-amz-credential')) {
    const given = fields.get('x-amz-algorithm')
    if (given !== algorithm) throw badField('X-Amz-Algorithm', given)
    return newSigner(fields, policy ?? needField('Policy'))
  }
  const accessKeyId = fields.get('awsaccesskeyid')
  if (accessKeyId === undefined)
    return policy === undefined ? undefined : needField('X-Amz-Signature')
  const signature = fields.get('signature') ?? needField('Signature')
  const signed = policy ?? needField('Policy')
  return {
    ...{ accessKeyId, region: undefined, sessionToken: fields.get('x-amz-security-token') },
    isSignedBy(secret) {
      const expected = createHmac('sha1', secret).update(signed).digest()
      return equals(Buffer.from(signature, 'base64').toString('hex'), expected)
    },
  }
}

function newSigner(fields: ReadonlyMap<string, string>, policy: string): FormSigner {
  if (!fields.has('x-amz-signature')) needField('X-Amz-Signature')
  const authorization = readFormAuthorization(fields)
  if ('unreadable' in authorization) {
    throw new AwsError('InvalidArgument', authorization.unreadable, { status: 400 })
  }
  const { accessKeyId, region, service, sessionToken } = authorization
  if (service !== 's3') {
    throw fault('s3', 'malformedAuthentication', `The credential is scoped to ${service}, not s3.`)
  }
  return {
    ...{ accessKeyId, region, sessionToken },
    isSignedBy: (secret) => isPolicySignedBy(secret, authorization, policy),
  }
}

/** Throws S3's word for a form that lacks a field. */
export function needField(name: string): never {
  throw new AwsError(
    'InvalidArgument',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    { status: 400, fields: { ArgumentName: name, ArgumentValue: '' } },
  )
}

function badField(name: string, value: string | undefined): AwsError {
  if (value === undefined) needField(name)
  return new AwsError('InvalidArgument', `${name} only supports "${algorithm}".`, {
    status: 400,
    fields: { ArgumentName: name, ArgumentValue: value },
  })
}
