import type { Authorization, UnreadableAuthorization } from './authorization.ts'
import type { Catalogue } from './catalogue.ts'
import { parsePairs, valueOf, type Pair } from './form.ts'
import { decodePercent } from './form.ts'
import type { ModelHead, OperationModel, ServiceModel } from './model.ts'
import { RestRoutes, type RestTarget } from './rest-routes.ts'
import type { Protocol } from './service.ts'

/** What a request asks for, as far as it can be told. */
export interface Destination {
  readonly head: ModelHead
  readonly protocol: Protocol
  /** Absent: a service that we have no model of. */
  readonly model: ServiceModel | undefined
  /** As the caller named it; empty where a path means no operation. */
  readonly operationName: string
  readonly operation: OperationModel | undefined
  /** Of a query protocol. */
  readonly pairs?: readonly Pair[]
  /** Of a REST protocol. */
  readonly labels?: Readonly<Record<string, string>>
  readonly bucket?: string | undefined
}

export interface RoutedRequest {
  readonly method: string
  /** Percent-encoded, without the query. */
  readonly path: string
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  readonly authorization: Authorization | UnreadableAuthorization | undefined
}

/** Finds the service, protocol and operation of a request on the one endpoint. */
export class Router {
  readonly #catalogue: Catalogue
  readonly #byTarget = new Map<string, ModelHead>()
  readonly #bySigningName = new Map<string, ModelHead[]>()
  readonly #restRoutes = new Map<string, RestRoutes>()

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
    for (const head of catalogue.heads) {
      for (const target of [head.target, ...(head.alsoTargets ?? [])]) {
        this.#byTarget.set(target, head)
      }
      for (const name of [head.signingName, ...(head.alsoSigned ?? [])]) {
        this.#bySigningName.set(name, [...(this.#bySigningName.get(name) ?? []), head])
      }
    }
  }

  /** Whether the body must be read as a form before the operation can be told. */
  needsForm(request: RoutedRequest): boolean {
    const { headers, method } = request
    if (method !== 'POST' || headers['x-amz-target'] || headers['smithy-protocol']) return false
    if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return false
    const candidates = this.#candidates(request)
    return candidates.length === 0 || candidates.some((head) => queryProtocolOf(head))
  }

  route(request: RoutedRequest, form: string | undefined): Destination {
    return (
      this.#byCborPath(request) ??
      this.#byTargetHeader(request) ??
      this.#byAction(request, form) ??
      this.#byPath(request) ??
      unknownService(request)
    )
  }

  #candidates({ authorization }: RoutedRequest): readonly ModelHead[] {
    const service = authorization?.service
    return (service !== undefined && this.#bySigningName.get(service)) || []
  }

  #byCborPath({ headers, path }: RoutedRequest): Destination | undefined {
    if (headers['smithy-protocol'] !== 'rpc-v2-cbor') return undefined
    const [, service = '', operation = ''] =
      /\/service\/([^/]+)\/operation\/([^/]+)\/?$/.exec(path) ?? []
    const head = this.#byTarget.get(service) ?? placeholder(service, 'rpcv2Cbor')
    return this.#named(head, 'rpcv2Cbor', operation)
  }

  #byTargetHeader({ headers }: RoutedRequest): Destination | undefined {
    const target = headers['x-amz-target']
    if (!target) return undefined
    const dot = target.lastIndexOf('.')
    const asked = headers['content-type']?.includes('json-1.0') ? 'awsJson1_0' : 'awsJson1_1'
    const head = this.#byTarget.get(target.slice(0, dot))
    const spoken = head?.protocols.filter((each) => each.startsWith('awsJson')) ?? []
    const [first] = spoken
    if (!head || !first) return this.#named(placeholder(target.slice(0, dot), asked), asked, '')
    const protocol = spoken.includes(asked) ? asked : first
    return this.#named(head, protocol, target.slice(dot + 1))
  }

  #byAction(request: RoutedRequest, form: string | undefined): Destination | undefined {
    const pairs = form === undefined ? request.query : [...request.query, ...parsePairs(form)]
    const action = valueOf(pairs, 'Action')
    if (!action) return undefined
    const signed = this.#candidates(request)
    const candidates = (signed.length > 0 ? signed : this.#catalogue.heads).filter(queryProtocolOf)
    if (candidates.length === 0) return undefined
    const version = valueOf(pairs, 'Version')
    const head =
      candidates.find((each) => each.apiVersion === version && this.#model(each)?.has(action)) ??
      candidates.find((each) => each.apiVersion === version) ??
      candidates.find((each) => this.#model(each)?.has(action)) ??
      candidates[0]!
    return { ...this.#named(head, queryProtocolOf(head)!, action), pairs }
  }

  #byPath(request: RoutedRequest): Destination | undefined {
    const heads = this.#candidates(request)
    const head =
      heads.find(restProtocolOf) ?? (heads.length > 0 ? heads[0] : this.#unsigned(request))
    const protocol = head && restProtocolOf(head)
    if (!head) return undefined
    const model = this.#model(head)
    if (!protocol || !model) return this.#named(head, head.protocols[0]!, '')
    const target = restTarget(head, request)
    const routes = this.#routes(model)
    const match = routes.match(target)
    return {
      head,
      protocol,
      model,
      operationName: match?.operation.name ?? '',
      operation: match?.operation,
      labels: match?.labels ?? {},
      bucket: target.bucket,
    }
  }

  /** Without a signature the host name may tell the service; a plain path is S3's. */
  #unsigned({ headers, authorization }: RoutedRequest): ModelHead | undefined {
    if (authorization?.service !== undefined) return undefined
    const first = /^([a-z0-9-]+)\./.exec(headers['host'] ?? '')?.[1] ?? ''
    const named = this.#bySigningName.get(first)?.find(restProtocolOf)
    return named ?? this.#bySigningName.get('s3')?.[0]
  }

  #named(head: ModelHead, protocol: Protocol, operationName: string): Destination {
    const model = this.#model(head)
    return { head, protocol, model, operationName, operation: model?.operation(operationName) }
  }

  #model(head: ModelHead): ServiceModel | undefined {
    return this.#catalogue.heads.includes(head) ? this.#catalogue.load(head.id) : undefined
  }

  #routes(model: ServiceModel): RestRoutes {
    let routes = this.#restRoutes.get(model.head.id)
    if (!routes) {
      routes = new RestRoutes(model)
      this.#restRoutes.set(model.head.id, routes)
    }
    return routes
  }
}

function queryProtocolOf(head: ModelHead): 'awsQuery' | 'ec2Query' | undefined {
  return head.protocols.find((protocol) => protocol === 'awsQuery' || protocol === 'ec2Query')
}

function restProtocolOf(head: ModelHead): 'restJson1' | 'restXml' | undefined {
  return head.protocols.find((protocol) => protocol === 'restJson1' || protocol === 'restXml')
}

const virtualHosts = [
  /^(.+)\.s3(?:[.-][a-z0-9]+)*\.(?:amazonaws\.com(?:\.cn)?|localhost)$/,
  /^(?!s3[.-])(.+)\.localhost$/,
]

/** Of DNS. */
const hostNameMax = 253

/** The bucket of a virtual host: `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`. */
export function bucketOfHost(host: string): string | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (name === 's3.localhost' || name.length > hostNameMax) return undefined
  for (const pattern of virtualHosts) {
    const bucket = pattern.exec(name)?.[1]
    if (bucket) return bucket
  }
  return undefined
}

function restTarget(head: ModelHead, request: RoutedRequest): RestTarget {
  const { method, query, headers, path } = request
  const target = { method, query, headers }
  if (!head.bucketInHost) return { ...target, path, bucket: undefined }
  const fromHost = bucketOfHost(headers['host'] ?? '')
  if (fromHost !== undefined) return { ...target, path, bucket: fromHost }
  const slash = path.indexOf('/', 1)
  const first = slash < 0 ? path.slice(1) : path.slice(1, slash)
  if (first === '') return { ...target, path, bucket: undefined }
  return { ...target, path: slash < 0 ? '/' : path.slice(slash), bucket: decodePercent(first) }
}

/** Answers for a service that we have no model of must still be in a language that its clients read. */
function unknownService({ authorization, query }: RoutedRequest): Destination {
  const service = authorization?.service ?? 'unknown'
  const protocol = valueOf(query, 'Action') ? 'awsQuery' : 'restJson1'
  const head = placeholder(service, protocol)
  return { head, protocol, model: undefined, operationName: '', operation: undefined }
}

export function placeholder(id: string, protocol: Protocol): ModelHead {
  return {
    id,
    serviceId: id,
    apiVersion: '',
    namespace: 'com.amazonaws',
    signingName: id,
    target: id,
    protocols: [protocol],
  }
}
