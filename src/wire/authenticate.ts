import type { Clock } from '../kernel/clock.ts'
import { partitionOf, type Scope } from '../kernel/scope.ts'
import { timeOf, type Authorization, type UnreadableAuthorization } from './authorization.ts'
import { fault, s3Faults, type Family } from './faults.ts'
import { clockSkewMilliseconds, presignedSecondsMax } from './limits.ts'
import type { CallingMachine, Principal } from './service.ts'
import { isLegacySignedBy, type LegacyRequest, type LegacyUrl } from './sigv2-url.ts'
import { equals, isSignedBy, type SignedRequest } from './sigv4.ts'

/** Where secrets come from; `identity` fulfils it. */
export interface CredentialSource {
  /** Undefined when there is no such key, or it is inactive. */
  find(accessKeyId: string): Promise<SigningCredential | undefined>
}

/** Tells instances by their identity documents; `compute` fulfils it. */
export interface MachineSource {
  /** Undefined when the signature is not ours, or there is no such instance any more. */
  identify(
    document: string,
    signature: string,
  ): Promise<{ readonly scope: Scope; readonly machine: CallingMachine } | undefined>
}

export interface SigningCredential {
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number
  readonly principal: Principal
}

export interface AuthenticationOptions {
  readonly authentication: 'on' | 'off'
  readonly credentials: CredentialSource
  /** Absent: no machine is known by its document. */
  readonly machines?: MachineSource
  readonly clock: Clock
  readonly defaults: Scope
}

/** Who asks, and the secret that further signatures of the same request are made with. */
export interface Caller {
  readonly principal: Principal
  readonly region: string
  readonly secretAccessKey: string | undefined
  readonly machine?: CallingMachine
}

export interface FormSigner {
  readonly accessKeyId: string
  /** Absent in the old way of signing. */
  readonly region: string | undefined
  readonly sessionToken: string | undefined
  isSignedBy(secretAccessKey: string): boolean
}

export interface AuthenticationRequest {
  readonly family: Family
  readonly authorization: Authorization | UnreadableAuthorization | undefined
  /** `CFN_V1 document:signature`, where the operation is for machines. */
  readonly machine: { readonly document: string; readonly signature: string } | undefined
  /** S3's old presigned URL, where the request is one. */
  readonly legacy: { readonly url: LegacyUrl; readonly request: LegacyRequest } | undefined
  /** Who signed the policy of a form that uploads an object, where the request is one. */
  readonly form?: FormSigner | undefined
  /** Whether the service takes this signing name. */
  readonly takesScope: (service: string) => boolean
  /** Some operations are for callers without a key. */
  readonly mayBeUnsigned: boolean
  readonly request: SignedRequest
}

/**
 * Checks the signature. Throws the error that the protocol has for what is wrong. An account is the same one in every partition
 * here; its callers' ARNs are of the partition whose region they ask.
 */
export async function authenticate(
  options: AuthenticationOptions,
  asked: AuthenticationRequest,
): Promise<Caller> {
  const caller = await callerOf(options, asked)
  const { principal, region } = caller
  const partition = `arn:${partitionOf(region)}:`
  if (principal.arn.startsWith(partition)) return caller
  return {
    ...caller,
    principal: { ...principal, arn: principal.arn.replace(/^arn:[^:]*:/, partition) },
  }
}

async function callerOf(
  options: AuthenticationOptions,
  asked: AuthenticationRequest,
): Promise<Caller> {
  const { authorization, family } = asked
  if (asked.machine) return authenticateMachine(options, asked.machine, family)
  if (options.authentication === 'off') return unchecked(options, asked)
  if (asked.legacy && family === 's3') return authenticateLegacy(options, asked.legacy)
  if (asked.form) return authenticateSigner(options, asked.form)
  if (authorization === undefined) {
    if (asked.mayBeUnsigned) return root(options.defaults)
    throw fault(family, 'missingAuthentication', missingMessage(family))
  }
  if ('unreadable' in authorization) {
    if (family === 's3' && authorization.isPresigned) {
      throw s3Faults.malformedUrl(authorization.unreadable)
    }
    throw fault(family, 'malformedAuthentication', authorization.unreadable)
  }
  checkTime(family, authorization, options.clock.now())
  if (!asked.takesScope(authorization.service)) {
    throw fault(
      family,
      'wrongSignature',
      `Credential should be scoped to correct service, not '${authorization.service}'.`,
    )
  }
  const credential = await options.credentials.find(authorization.accessKeyId)
  if (!credential) throw unknownKey(family)
  checkSession(family, authorization.sessionToken, credential, options.clock.now())
  if (!isSignedBy(credential.secretAccessKey, authorization, asked.request)) {
    throw fault(family, 'wrongSignature', wrongMessage(family))
  }
  if (family === 's3') checkSignedHeaders(authorization, asked.request.headers)
  return {
    principal: credential.principal,
    region: authorization.region,
    secretAccessKey: credential.secretAccessKey,
  }
}

async function authenticateMachine(
  { machines }: AuthenticationOptions,
  { document, signature }: NonNullable<AuthenticationRequest['machine']>,
  family: Family,
): Promise<Caller> {
  const found = await machines?.identify(document, signature)
  if (!found) {
    throw fault(
      family,
      'wrongSignature',
      'The instance identity document is not one of this installation.',
    )
  }
  const { scope, machine } = found
  const { account, region } = scope
  const principal = {
    arn: `arn:aws:sts::${account}:assumed-role/aws:ec2-instance/${machine.instanceId}`,
    account,
    userId: `${account}:aws:ec2-instance:${machine.instanceId}`,
    accessKeyId: undefined,
  }
  return { principal, region, secretAccessKey: undefined, machine }
}

/** A key id that is an account id selects that account. */
const accountId = /^\d{12}$/

async function unchecked(
  options: AuthenticationOptions,
  { authorization, legacy, form }: AuthenticationRequest,
): Promise<Caller> {
  if (authorization && 'unreadable' in authorization) return root(options.defaults)
  const accessKeyId = authorization?.accessKeyId ?? legacy?.url.accessKeyId ?? form?.accessKeyId
  if (accessKeyId === undefined) return root(options.defaults)
  const region = authorization?.region ?? form?.region ?? options.defaults.region
  if (accountId.test(accessKeyId)) return root({ account: accessKeyId, region }, accessKeyId)
  const known = await options.credentials.find(accessKeyId)
  if (!known) return root({ account: options.defaults.account, region }, accessKeyId)
  return { principal: known.principal, region, secretAccessKey: undefined }
}

function root(scope: Scope, accessKeyId?: string): Caller {
  const { account, region } = scope
  const principal = { arn: `arn:aws:iam::${account}:root`, account, userId: account, accessKeyId }
  return { principal, region, secretAccessKey: undefined }
}

async function authenticateLegacy(
  options: AuthenticationOptions,
  { url, request }: NonNullable<AuthenticationRequest['legacy']>,
): Promise<Caller> {
  if (options.clock.now() > Number(url.expires) * 1000) throw s3Faults.expiredUrl()
  return authenticateSigner(options, {
    ...{ accessKeyId: url.accessKeyId, sessionToken: url.sessionToken, region: undefined },
    isSignedBy: (secret) => isLegacySignedBy(secret, url, request),
  })
}

/** Of S3, where something else than the request is signed. */
async function authenticateSigner(
  options: AuthenticationOptions,
  signer: FormSigner,
): Promise<Caller> {
  const { accessKeyId, sessionToken, region = options.defaults.region } = signer
  const credential = await options.credentials.find(accessKeyId)
  if (!credential) throw unknownKey('s3')
  checkSession('s3', sessionToken, credential, options.clock.now())
  const { principal, secretAccessKey } = credential
  if (!signer.isSignedBy(secretAccessKey)) {
    throw fault('s3', 'wrongSignature', wrongMessage('s3'))
  }
  return { principal, region, secretAccessKey }
}

function checkTime(family: Family, authorization: Authorization, now: number): void {
  const signedAt = timeOf(authorization)
  const { expiresSeconds } = authorization
  if (expiresSeconds !== undefined) {
    if (family === 's3' && (expiresSeconds < 1 || expiresSeconds > presignedSecondsMax)) {
      throw s3Faults.malformedUrl(
        `X-Amz-Expires must be between 1 and ${presignedSecondsMax} seconds.`,
      )
    }
    if (now > signedAt + expiresSeconds * 1000) {
      if (family === 's3') throw s3Faults.expiredUrl()
      throw fault(family, 'expiredSignature', expiredMessage(family, authorization, now))
    }
    if (signedAt <= now + clockSkewMilliseconds) return
  } else if (Math.abs(now - signedAt) <= clockSkewMilliseconds) return
  throw fault(family, 'expiredSignature', expiredMessage(family, authorization, now))
}

function checkSession(
  family: Family,
  given: string | undefined,
  credential: SigningCredential,
  now: number,
): void {
  const { sessionToken: expected, expiresAt } = credential
  if (expected !== undefined || given !== undefined) {
    const same =
      expected !== undefined &&
      given !== undefined &&
      equals(Buffer.from(given).toString('hex'), Buffer.from(expected))
    if (!same) {
      const message = 'The security token included in the request is invalid.'
      throw fault(family, 'invalidToken', family === 'ec2' ? notValidated : message)
    }
  }
  if (expiresAt !== undefined && now >= expiresAt) {
    const message = 'The security token included in the request is expired'
    throw fault(family, 'expiredToken', family === 'ec2' ? 'Request has expired.' : message)
  }
}

/** S3 refuses `x-amz-*` headers that anyone on the way could have added. */
function checkSignedHeaders(
  authorization: Authorization,
  headers: Readonly<Record<string, string>>,
): void {
  const signed = new Set(authorization.signedHeaders)
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signed.has(name) && name !== 'x-amz-content-sha256',
  )
  if (unsigned.length > 0) throw s3Faults.unsignedHeaders(unsigned)
}

const notValidated = 'AWS was not able to validate the provided access credentials'

function unknownKey(family: Family): Error {
  const messages: Partial<Record<Family, string>> = {
    ec2: notValidated,
    s3: 'The AWS Access Key Id you provided does not exist in our records.',
  }
  const message = messages[family] ?? 'The security token included in the request is invalid.'
  return fault(family, 'unknownAccessKey', message)
}

function missingMessage(family: Family): string {
  if (family === 's3') return 'Access Denied'
  return family === 'query' || family === 'ec2'
    ? 'Request is missing Authentication Token'
    : 'Missing Authentication Token'
}

function wrongMessage(family: Family): string {
  if (family === 'ec2') return notValidated
  const sentence =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.'
  return family === 's3' ? sentence : `${sentence} Consult the service documentation for details.`
}

function expiredMessage(family: Family, authorization: Authorization, now: number): string {
  if (family === 'ec2') return 'Request has expired.'
  if (family === 's3') {
    return 'The difference between the request time and the current time is too large.'
  }
  const serverTime = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const tooLate = timeOf(authorization) < now
  return tooLate
    ? `Signature expired: ${authorization.time} is now earlier than ${serverTime} (less the allowed 15 min.)`
    : `Signature not yet current: ${authorization.time} is still later than ${serverTime} (plus the allowed 15 min.)`
}
