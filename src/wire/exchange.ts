import { AwsError, DriverError } from '../kernel/errors.ts'
import { uuid } from '../kernel/random.ts'
import { firstRefused } from './accept.ts'
import { authenticate, type AuthenticationRequest, type Caller } from './authenticate.ts'
import type { Authorization, UnreadableAuthorization } from './authorization.ts'
import { readAuthorization } from './authorization.ts'
import type { ChunkSigning } from './aws-chunked.ts'
import { decodeInput, firstMissing } from './decode-input.ts'
import { Decoding } from './decoding.ts'
import { encodeError } from './encode-error.ts'
import { encodeEvents, speaksEvents } from './encode-events.ts'
import { encodeReply } from './encode-reply.ts'
import { encodeQueryJson, encodeQueryJsonError } from './query-json.ts'
import { familyOf, fault, s3Faults, type Family } from './faults.ts'
import { parsePairs, valueOf, type Pair } from './form.ts'
import { inflatedBody } from './inflated-body.ts'
import { headersMax } from './limits.ts'
import { readMachineAuthorization } from './machine-authorization.ts'
import { Malformed } from './malformed.ts'
import type { OperationModel } from './model.ts'
import { hasSignedChunks } from './payload.ts'
import { isPresigned, promoteHeaders } from './presigned.ts'
import type { Reply } from './reply.ts'
import { openObjectBody, readChecked, readWhole, type ObjectBody } from './request-body.ts'
import { bucketOfHost, placeholder, type Destination, type Router } from './route.ts'
import { readLegacyUrl } from './sigv2-url.ts'
import type { BoundOperation, Request, Service } from './service.ts'
import { hasEventStream, streamedMember, type Fields } from './shape.ts'
import { scopeOf, sha256Hex, signingKey, unsignedPayload } from './sigv4.ts'
import { firstFraction } from './whole-numbers.ts'
import type { WireOptions, WireRequest } from './wire.ts'

export interface Surroundings {
  readonly options: WireOptions
  readonly router: Router
  readonly services: ReadonlyMap<string, Service>
  readonly unknownMembers: Map<string, number>
}

/** An operation that is modelled, and that a mounted service has. */
interface Served {
  readonly service: Service
  readonly operation: OperationModel
  readonly bound: BoundOperation
}

/** One request and its reply: route, authenticate, decode, check, handle, encode. */
export class Exchange {
  readonly #around: Surroundings
  readonly #request: WireRequest
  readonly #requestId: string
  /** Our copy: what aws-chunked says of itself is taken out, and trailers come in. */
  readonly #headers: Record<string, string>
  readonly #extraHeaders: Record<string, string> = {}
  #path = '/'
  #query: readonly Pair[] = []
  #authorization: Authorization | UnreadableAuthorization | undefined
  #destination: Destination = noDestination
  #objectBody: ObjectBody | undefined
  #status: number | undefined
  /** The body, where it had to be read to find the destination. */
  #form: Buffer | undefined

  constructor(surroundings: Surroundings, request: WireRequest) {
    this.#around = surroundings
    this.#request = request
    this.#requestId = uuid(surroundings.options.random)
    this.#headers = { ...request.headers }
  }

  async run(): Promise<Reply> {
    try {
      return await this.#answer()
    } catch (thrown) {
      return this.#refuse(this.#objectBody?.failure ?? thrown)
    }
  }

  async #answer(): Promise<Reply> {
    await this.#route()
    const { caller, body } = await this.#receive()
    const served = this.#served()
    const plain = body && (await inflatedBody(body, this.#headers, this.#family))
    const input = await this.#decode(served, plain ?? (await this.#openBody(served, caller)))
    const { bound, operation } = served
    const output = await bound.handle(input as never, this.#context(caller))
    await this.#objectBody?.finish()
    const { head, protocol } = this.#destination
    const requestId = this.#requestId
    const answer = { output: output as Fields, requestId }
    const reply = this.#wantsJson()
      ? encodeQueryJson(head, operation, answer)
      : hasEventStream(operation.output)
        ? encodeEvents(head, operation, answer, (thrown) => this.#logged(thrown))
        : encodeReply(head, protocol, operation, answer)
    Object.assign(reply.headers, this.#extraHeaders)
    return this.#status === undefined ? reply : { ...reply, status: this.#status }
  }

  async #route(): Promise<void> {
    const { url, method, body } = this.#request
    const headers = this.#headers
    if (Object.keys(headers).length > headersMax) {
      throw new Malformed(`more than ${headersMax} headers`)
    }
    const mark = url.indexOf('?')
    this.#path = mark < 0 ? url : url.slice(0, mark)
    this.#query = mark < 0 ? [] : parsePairs(url.slice(mark + 1))
    this.#authorization = readAuthorization(headers, this.#query)
    const routed = {
      method,
      path: this.#path,
      query: this.#query,
      headers,
      authorization: this.#authorization,
    }
    const { router } = this.#around
    if (router.needsForm(routed)) this.#form = await readWhole(body, headers, 'query')
    const form = this.#form && (await inflatedBody(this.#form, headers, 'query'))
    this.#destination = router.route(routed, form?.toString('utf8'))
  }

  /** Checks who asks. All but S3's bodies are read before, because signatures cover them. */
  async #receive(): Promise<{ caller: Caller; body: Buffer | undefined }> {
    const { body } = this.#request
    const family = this.#family
    const isObject = family === 's3'
    const whole = isObject
      ? undefined
      : (this.#form ?? (await readWhole(body, this.#headers, family)))
    const payloadHash = isObject ? this.#claimedHash() : this.#bodyHash(whole)
    const { head, model, operationName } = this.#destination
    const caller = await this.#callerOf({
      family,
      authorization: this.#authorization,
      machine: this.#machineAuthorization(),
      legacy: this.#legacyUrl(),
      // What we have no model of may have any name: the caller is to read that it is not served.
      takesScope: (service) =>
        !model || service === head.signingName || head.alsoSigned?.includes(service) === true,
      mayBeUnsigned: head.unsignedOperations?.includes(operationName) === true,
      request: {
        method: this.#request.method,
        rawPath: this.#path,
        query: this.#query,
        headers: this.#request.headers,
        payloadHash,
      },
    })
    return { caller, body: whole }
  }

  async #callerOf(asked: AuthenticationRequest): Promise<Caller> {
    return this.#request.caller ?? authenticate(this.#around.options, asked)
  }

  /** Heeded for operations that are meant for machines; anywhere else it is an authorization that cannot be read. */
  #machineAuthorization(): AuthenticationRequest['machine'] {
    const { head, operationName } = this.#destination
    const service = this.#around.services.get(head.id)
    if (service?.machineOperations?.has(operationName) !== true) return undefined
    return readMachineAuthorization(this.#headers['authorization'])
  }

  #legacyUrl(): AuthenticationRequest['legacy'] {
    const url = this.#authorization ? undefined : readLegacyUrl(this.#query)
    if (!url) return undefined
    const { method, headers } = this.#request
    const request = {
      method,
      rawPath: this.#path,
      query: this.#query,
      headers,
      bucketOfHost: bucketOfHost(headers['host'] ?? ''),
    }
    return { url, request }
  }

  #bodyHash(whole: Buffer | undefined): string {
    return this.#around.options.authentication === 'on' ? sha256Hex(whole ?? '') : ''
  }

  /** S3 signs what a header says of the body, and the body is checked against that while it passes. */
  #claimedHash(): string {
    const claimed = this.#headers['x-amz-content-sha256']
    const authorization = this.#authorization
    if (authorization && 'isPresigned' in authorization && authorization.isPresigned) {
      return valueOf(this.#query, 'X-Amz-Content-Sha256') ?? claimed ?? unsignedPayload
    }
    if (claimed === undefined && authorization && this.#around.options.authentication === 'on') {
      throw s3Faults.invalidRequest(
        'Missing required header for this request: x-amz-content-sha256',
      )
    }
    return claimed ?? unsignedPayload
  }

  #served(): Served {
    const { head, model, operation, operationName } = this.#destination
    const family = this.#family
    if (!model) {
      throw fault(family, 'unknownOperation', `Evenkeel does not serve "${head.id}".`)
    }
    if (!operation) {
      const kind = operationName === '' ? 'missingAction' : 'unknownOperation'
      throw fault(family, kind, unknownMessage(family, this.#destination))
    }
    const service = this.#around.services.get(head.id)
    const bound = service?.operations.get(operationName)
    if (!service || !bound || !speaksEvents(this.#destination.protocol, operation)) {
      const message = `The operation ${operationName} of ${head.serviceId} is not supported by Evenkeel.`
      throw fault(family, 'unsupportedOperation', message)
    }
    return { service, operation, bound }
  }

  /** AWS's tools inside machines ask query services for JSON. */
  #wantsJson(): boolean {
    const { protocol, pairs = [] } = this.#destination
    return protocol === 'awsQuery' && valueOf(pairs, 'ContentType') === 'JSON'
  }

  async #openBody({ operation }: Served, caller: Caller): Promise<Buffer | ObjectBody> {
    if (isPresigned(this.#query)) promoteHeaders(this.#query, this.#headers)
    const { body } = this.#form === undefined ? this.#request : { body: onePiece(this.#form) }
    const signing = this.#chunkSigning(caller)
    if (streamedMember(operation.input)) {
      this.#objectBody = openObjectBody(body, this.#headers, signing)
      return this.#objectBody
    }
    // The checksum headers of CompleteMultipartUpload are those of the object, not of this body.
    const checksBody = operation.name !== 'CompleteMultipartUpload'
    return readChecked(body, this.#headers, checksBody, signing)
  }

  #chunkSigning(caller: Caller): ChunkSigning | undefined {
    const authorization = this.#authorization
    if (!authorization || 'unreadable' in authorization) return undefined
    if (caller.secretAccessKey === undefined || !hasSignedChunks(this.#headers)) return undefined
    return {
      key: signingKey(caller.secretAccessKey, authorization),
      seed: authorization.signature,
      time: authorization.time,
      scope: scopeOf(authorization),
    }
  }

  async #decode(served: Served, body: Buffer | ObjectBody): Promise<Fields> {
    const { service, operation, bound } = served
    const decoding = new Decoding()
    const source = {
      query: this.#query,
      headers: this.#headers,
      body: Buffer.isBuffer(body) ? body : body.stream,
    }
    const decoded = decodeInput(this.#destination, operation, source, decoding)
    const input = this.#withPath(served, decoded)
    if (decoding.unknownMembers > 0) this.#count(decoding.unknownMembers)
    const missing = firstMissing(operation.input, input)
    if (missing !== undefined) {
      throw service.missing?.(missing, operation.name) ?? missingFault(this.#family, missing)
    }
    const fraction = service.countsInWholes ? firstFraction(input) : undefined
    if (fraction !== undefined)
      throw new Malformed(`${fraction} is not a whole number`, 'parameter')
    const refused = firstRefused(input, bound.accepts)
    if (refused !== undefined) throw service.refuseMember(refused, operation.name)
    return input
  }

  #withPath({ service: { pathMember }, operation }: Served, input: Fields): Fields {
    if (pathMember === undefined || this.#destination.protocol !== 'awsQuery') return input
    const isGiven = input[pathMember] !== undefined || this.#path === '/'
    if (isGiven || !operation.input.byName.has(pathMember)) return input
    return { ...input, [pathMember]: this.#path }
  }

  #count(unknown: number): void {
    const { unknownMembers } = this.#around
    const name = `${this.#destination.head.id}.${this.#destination.operationName}`
    unknownMembers.set(name, (unknownMembers.get(name) ?? 0) + unknown)
  }

  #context(caller: Caller): Request {
    const { principal, region, machine } = caller
    const { head, protocol, operationName } = this.#destination
    return {
      id: this.#requestId,
      scope: { account: principal.account, region },
      principal,
      ...(machine ? { machine } : {}),
      protocol,
      service: head.id,
      operation: operationName,
      headers: this.#headers,
      host: this.#headers['host'] ?? '',
      clientAddress: this.#request.clientAddress,
      signal: this.#request.signal,
      setStatus: (status) => {
        this.#status = status
      },
      setHeader: (name, value) => {
        this.#extraHeaders[name] = value
      },
    }
  }

  get #family(): Family {
    return familyOf(this.#destination.head, this.#destination.protocol)
  }

  /** What was thrown, in the caller's protocol. What is not the caller's mistake is logged. */
  #refuse(thrown: unknown): Reply {
    const { head, protocol, model } = this.#destination
    const error = this.#logged(thrown)
    const refusal = {
      head,
      protocol,
      shape: model?.error(error.code),
      error,
      requestId: this.#requestId,
      resource: this.#path,
    }
    const reply = this.#wantsJson() ? encodeQueryJsonError(refusal) : encodeError(refusal)
    Object.assign(reply.headers, this.#extraHeaders)
    return reply
  }

  #logged(thrown: unknown): AwsError {
    const { head, operationName } = this.#destination
    const error = this.#awsError(thrown)
    if (error !== thrown && !(thrown instanceof Malformed)) {
      this.#around.options.log.write('error', 'a request failed', {
        service: head.id,
        operation: operationName,
        requestId: this.#requestId,
        error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      })
    }
    return error
  }

  #awsError(thrown: unknown): AwsError {
    if (thrown instanceof AwsError) return thrown
    const family = this.#family
    if (thrown instanceof Malformed) {
      const kind = thrown.part === 'body' ? 'malformedBody' : 'malformedParameter'
      return fault(family, kind, `The request could not be read: ${thrown.message}.`)
    }
    if (thrown instanceof DriverError && thrown.retryable) {
      return fault(family, 'unavailable', 'The service is unavailable. Please try again.')
    }
    return fault(family, 'internal', 'An internal error occurred. Please retry your request.')
  }
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Where a request stands that could not even be routed. */
const noDestination: Destination = {
  head: placeholder('unknown', 'awsQuery'),
  protocol: 'awsQuery',
  model: undefined,
  operationName: '',
  operation: undefined,
}

function unknownMessage(family: Family, { head, operationName }: Destination): string {
  if (family === 's3') return 'The specified method is not allowed against this resource.'
  if (operationName === '' && (family === 'ec2' || family === 'query')) {
    return 'The request is missing an action.'
  }
  if (family === 'ec2') return `The action ${operationName} is not valid for this web service.`
  if (family === 'query') {
    return `Could not find operation ${operationName} for version ${head.apiVersion}`
  }
  const name = operationName === '' ? 'This path' : `The operation ${operationName}`
  return `${name} is not known to ${head.serviceId}.`
}

function missingFault(family: Family, path: string): AwsError {
  const message =
    family === 'ec2'
      ? `The request must contain the parameter ${path}`
      : `1 validation error detected: Value null at '${lowerFirst(path)}' failed to satisfy constraint: Member must not be null`
  return fault(family, 'missingMember', message)
}

function lowerFirst(path: string): string {
  return path.slice(0, 1).toLowerCase() + path.slice(1)
}
