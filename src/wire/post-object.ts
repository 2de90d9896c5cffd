import { AwsError } from '../kernel/errors.ts'
import { uuid } from '../kernel/random.ts'
import { authenticate, type Caller } from './authenticate.ts'
import type { Catalogue } from './catalogue.ts'
import { encodeError } from './encode-error.ts'
import { fault } from './faults.ts'
import { decodePercent } from './form.ts'
import { readUploadForm, type UploadForm } from './form-parts.ts'
import { formSigner, needField } from './form-signer.ts'
import { Malformed } from './malformed.ts'
import { objectHeaders } from './post-headers.ts'
import { checkPostPolicy, readPostPolicy, type PostPolicy } from './post-policy.ts'
import { postReply } from './post-reply.ts'
import type { Reply } from './reply.ts'
import { bucketOfHost, placeholder } from './route.ts'
import type { WireOptions, WireRequest } from './wire.ts'

/** Where a form puts its object: the path up to the key, as the caller addresses the bucket. */
interface Target {
  readonly bucket: string
  readonly prefix: string
}

/**
 * S3's upload by a form of a web page (POST Object), which no model knows: the form's policy is checked, and what is left is a PutObject by whoever
 * signed it. Undefined for every other request.
 */
export function postObjectWith(
  options: WireOptions,
  catalogue: Catalogue,
  run: (request: WireRequest) => Promise<Reply>,
): (request: WireRequest) => Promise<Reply> | undefined {
  const head = catalogue.heads.find(({ id }) => id === 's3') ?? placeholder('s3', 'restXml')

  async function post(request: WireRequest, target: Target): Promise<Reply> {
    try {
      return await upload(request, target)
    } catch (thrown) {
      const error = errorOf(thrown, options)
      const requestId = uuid(options.random)
      const [resource = ''] = request.url.split('?')
      return encodeError({
        ...{ head, protocol: 'restXml', shape: undefined, error, requestId, resource },
      })
    }
  }

  async function upload(request: WireRequest, { bucket, prefix }: Target): Promise<Reply> {
    const form = await readUploadForm(request.body, request.headers['content-type'] ?? '')
    const fields = new Map(form.fields).set('bucket', bucket)
    const given = fields.get('key') || needField('key')
    const key = given.replaceAll('${filename}', form.fileName)
    fields.set('key', key)
    const caller = await callerOf(options, fields)
    const text = fields.get('policy')
    const policy = text === undefined ? undefined : readPostPolicy(decoded(text))
    if (policy) checkPostPolicy(policy, fields, options.clock.now())
    const path = `${prefix}/${key.split('/').map(encodeURIComponent).join('/')}`
    const reply = await run({
      ...request,
      method: 'PUT',
      url: path,
      headers: { host: request.headers['host'] ?? '', ...objectHeaders(fields) },
      body: sized(form, policy),
      caller,
    })
    if (reply.status !== 200) return reply
    const location = `http://${request.headers['host'] ?? ''}${path}`
    return postReply(reply, { bucket, key, location, fields })
  }

  return (request) => {
    const target = targetOf(request)
    return target && post(request, target)
  }
}

function targetOf({ method, url, headers }: WireRequest): Target | undefined {
  if (method !== 'POST' || headers['authorization'] !== undefined) return undefined
  if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) return undefined
  const [path = '/'] = url.split('?')
  const ofHost = bucketOfHost(headers['host'] ?? '')
  if (ofHost !== undefined) return path === '/' ? { bucket: ofHost, prefix: '' } : undefined
  const [, name] = /^\/([^/]+)\/?$/.exec(path) ?? []
  return name === undefined ? undefined : { bucket: decodePercent(name), prefix: `/${name}` }
}

function callerOf(options: WireOptions, fields: ReadonlyMap<string, string>): Promise<Caller> {
  const nothing = { method: 'POST', rawPath: '/', query: [], headers: {}, payloadHash: '' }
  return authenticate(options, {
    family: 's3',
    ...{ authorization: undefined, machine: undefined, legacy: undefined },
    form: formSigner(fields),
    takesScope: () => true,
    mayBeUnsigned: false,
    request: nothing,
  })
}

function decoded(policy: string): string {
  return Buffer.from(policy, 'base64').toString('utf8')
}

async function* sized(
  form: UploadForm,
  policy: PostPolicy | undefined,
): AsyncGenerator<Uint8Array> {
  const { min, max } = policy?.sizes ?? { min: 0, max: Number.POSITIVE_INFINITY }
  let size = 0
  for await (const bytes of form.file) {
    size += bytes.length
    if (size > max) {
      throw new AwsError(
        'EntityTooLarge',
        'Your proposed upload exceeds the maximum allowed size',
        {
          status: 400,
          fields: { ProposedSize: size, MaxSizeAllowed: max },
        },
      )
    }
    yield bytes
  }
  if (size >= min) return
  throw new AwsError(
    'EntityTooSmall',
    'Your proposed upload is smaller than the minimum allowed size',
    {
      status: 400,
      fields: { ProposedSize: size, MinSizeAllowed: min },
    },
  )
}

function errorOf(thrown: unknown, { log }: WireOptions): AwsError {
  if (thrown instanceof AwsError) return thrown
  if (thrown instanceof Malformed) {
    return fault('s3', 'malformedParameter', `The request could not be read: ${thrown.message}.`)
  }
  const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  log.write('error', 'an upload by a form failed', { error })
  return fault('s3', 'internal', 'An internal error occurred. Please retry your request.')
}
