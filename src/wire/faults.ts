import { AwsError } from '../kernel/errors.ts'
import type { ModelHead } from './model.ts'
import type { Protocol } from './service.ts'

/** What can be wrong with a request before any service has seen it. */
export type Fault =
  | 'malformedBody'
  | 'malformedParameter'
  | 'missingMember'
  | 'bodyTooLarge'
  | 'missingAction'
  | 'unknownOperation'
  | 'unsupportedOperation'
  | 'missingAuthentication'
  | 'malformedAuthentication'
  | 'unknownAccessKey'
  | 'wrongSignature'
  | 'expiredSignature'
  | 'invalidToken'
  | 'expiredToken'
  | 'internal'
  | 'unavailable'

/** How AWS words such faults differs by protocol, and in S3 and EC2 by service. */
export type Family = 'json' | 'restJson' | 'query' | 'ec2' | 'restXml' | 's3'

type Words = Readonly<Record<Fault, readonly [code: string, status: number]>>

const query: Words = {
  malformedBody: ['MalformedQueryString', 400],
  malformedParameter: ['MalformedInput', 400],
  missingMember: ['ValidationError', 400],
  bodyTooLarge: ['RequestEntityTooLarge', 413],
  missingAction: ['MissingAction', 400],
  unknownOperation: ['InvalidAction', 400],
  unsupportedOperation: ['InvalidAction', 400],
  missingAuthentication: ['MissingAuthenticationToken', 403],
  malformedAuthentication: ['IncompleteSignature', 400],
  unknownAccessKey: ['InvalidClientTokenId', 403],
  wrongSignature: ['SignatureDoesNotMatch', 403],
  expiredSignature: ['SignatureDoesNotMatch', 403],
  invalidToken: ['InvalidClientTokenId', 403],
  expiredToken: ['ExpiredToken', 403],
  internal: ['InternalFailure', 500],
  unavailable: ['ServiceUnavailable', 503],
}

const json: Words = {
  malformedBody: ['SerializationException', 400],
  malformedParameter: ['SerializationException', 400],
  missingMember: ['ValidationException', 400],
  bodyTooLarge: ['RequestEntityTooLargeException', 413],
  missingAction: ['UnknownOperationException', 400],
  unknownOperation: ['UnknownOperationException', 400],
  unsupportedOperation: ['UnknownOperationException', 400],
  missingAuthentication: ['MissingAuthenticationTokenException', 400],
  malformedAuthentication: ['IncompleteSignatureException', 400],
  unknownAccessKey: ['UnrecognizedClientException', 400],
  wrongSignature: ['InvalidSignatureException', 400],
  expiredSignature: ['InvalidSignatureException', 400],
  invalidToken: ['UnrecognizedClientException', 400],
  expiredToken: ['ExpiredTokenException', 400],
  internal: ['InternalFailure', 500],
  unavailable: ['ServiceUnavailableException', 503],
}

const words: Readonly<Record<Family, Words>> = {
  query,
  json,
  restJson: {
    ...json,
    missingAction: ['UnknownOperationException', 404],
    unknownOperation: ['UnknownOperationException', 404],
    unsupportedOperation: ['UnknownOperationException', 404],
    missingAuthentication: ['MissingAuthenticationTokenException', 403],
    malformedAuthentication: ['IncompleteSignatureException', 403],
    unknownAccessKey: ['UnrecognizedClientException', 403],
    wrongSignature: ['InvalidSignatureException', 403],
    expiredSignature: ['InvalidSignatureException', 403],
    invalidToken: ['UnrecognizedClientException', 403],
    expiredToken: ['ExpiredTokenException', 403],
  },
  ec2: {
    ...query,
    malformedParameter: ['InvalidParameterValue', 400],
    missingMember: ['MissingParameter', 400],
    unsupportedOperation: ['UnsupportedOperation', 400],
    unknownAccessKey: ['AuthFailure', 401],
    wrongSignature: ['AuthFailure', 401],
    expiredSignature: ['RequestExpired', 400],
    invalidToken: ['AuthFailure', 401],
    expiredToken: ['RequestExpired', 400],
    internal: ['InternalError', 500],
    unavailable: ['Unavailable', 503],
  },
  restXml: {
    ...query,
    malformedBody: ['MalformedInput', 400],
    missingMember: ['InvalidInput', 400],
    missingAction: ['UnknownOperationException', 404],
    unknownOperation: ['UnknownOperationException', 404],
    unsupportedOperation: ['UnsupportedOperation', 400],
  },
  s3: {
    ...query,
    malformedBody: ['MalformedXML', 400],
    malformedParameter: ['InvalidArgument', 400],
    missingMember: ['MalformedXML', 400],
    bodyTooLarge: ['MaxMessageLengthExceeded', 400],
    missingAction: ['MethodNotAllowed', 405],
    unknownOperation: ['MethodNotAllowed', 405],
    unsupportedOperation: ['NotImplemented', 501],
    missingAuthentication: ['AccessDenied', 403],
    malformedAuthentication: ['AuthorizationHeaderMalformed', 400],
    unknownAccessKey: ['InvalidAccessKeyId', 403],
    expiredSignature: ['RequestTimeTooSkewed', 403],
    invalidToken: ['InvalidToken', 400],
    expiredToken: ['ExpiredToken', 400],
    internal: ['InternalError', 500],
    unavailable: ['ServiceUnavailable', 503],
  },
}

export function familyOf(head: ModelHead, protocol: Protocol): Family {
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
    case 'rpcv2Cbor':
      return 'json'
    case 'awsQuery':
      return 'query'
    case 'ec2Query':
      return 'ec2'
    case 'restJson1':
      return 'restJson'
    case 'restXml':
      return head.noErrorWrapping ? 's3' : 'restXml'
  }
}

/** The error that the family has for a fault. */
export function fault(family: Family, kind: Fault, message: string): AwsError {
  const [code, status] = words[family][kind]
  return new AwsError(code, message, { status })
}

/** Codes that only S3 has, for the bytes of an object. */
export const s3Faults = {
  badDigest: (what: string): AwsError =>
    new AwsError('BadDigest', `The ${what} you specified did not match the calculated checksum.`, {
      status: 400,
    }),
  invalidDigest: (what: string): AwsError =>
    new AwsError('InvalidDigest', `The ${what} you specified is not valid.`, { status: 400 }),
  contentSha256Mismatch: (): AwsError =>
    new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { status: 400 },
    ),
  incompleteBody: (message: string): AwsError =>
    new AwsError('IncompleteBody', message, { status: 400 }),
  requestTimeout: (): AwsError =>
    new AwsError(
      'RequestTimeout',
      'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
      { status: 400 },
    ),
  chunkSignature: (): AwsError =>
    new AwsError(
      'SignatureDoesNotMatch',
      'The signature of a chunk of the body does not match the one we calculated.',
      { status: 403 },
    ),
  invalidChunkSize: (): AwsError =>
    new AwsError('InvalidChunkSizeError', 'A chunk of the body has no valid size.', {
      status: 403,
    }),
  missingContentLength: (): AwsError =>
    new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      status: 411,
    }),
  entityTooLarge: (): AwsError =>
    new AwsError(
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed object size.',
      { status: 400 },
    ),
  invalidRequest: (message: string): AwsError =>
    new AwsError('InvalidRequest', message, { status: 400 }),
  unsignedHeaders: (names: readonly string[]): AwsError =>
    new AwsError(
      'AccessDenied',
      'There were headers present in the request which were not signed',
      {
        status: 403,
        fields: { HeadersNotSigned: names.join(', ') },
      },
    ),
  expiredUrl: (): AwsError => new AwsError('AccessDenied', 'Request has expired', { status: 403 }),
  malformedUrl: (message: string): AwsError =>
    new AwsError('AuthorizationQueryParametersError', message, { status: 400 }),
}
