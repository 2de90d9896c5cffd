import type { Readable } from 'node:stream'
import { answered, type AsAwsError } from '../kernel/answered.ts'
import type { Scope } from '../kernel/scope.ts'

export type Protocol =
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'awsQuery'
  | 'ec2Query'
  | 'restJson1'
  | 'restXml'
  | 'rpcv2Cbor'

/** Who asks. With authentication off, everyone is the account's root. */
export interface Principal {
  /** `arn:aws:iam::000000000000:root`, a user's, or an assumed role's ARN. */
  readonly arn: string
  readonly account: string
  /** `AIDA…`, `AROA…:session`, or the account id for root. */
  readonly userId: string
  readonly accessKeyId: string | undefined
}

/** An instance that shows its signed identity document instead of keys: AWS's own tools inside machines do. */
export interface CallingMachine {
  readonly instanceId: string
  readonly tags: Readonly<Record<string, string>>
}

/** What an operation may know of its request besides the input. */
export interface Request {
  readonly id: string
  readonly scope: Scope
  readonly principal: Principal
  /** Its operation must see to it that it answers no machine what is not that machine's. */
  readonly machine?: CallingMachine
  readonly protocol: Protocol
  readonly service: string
  readonly operation: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** `127.0.0.1:4566`: the endpoint as the caller named it. */
  readonly host: string
  readonly clientAddress: string
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** Another success status than the model's: 206 for a range. */
  setStatus(status: number): void
  setHeader(name: string, value: string): void
}

/** The operations of a client package, `{ RunInstances: [Input, Output], … }`; used as a type only, nothing is loaded. */
export type OperationsOf<Client> = {
  [Export in keyof Client as OperationName<Export>]: Client[Export] extends new (
    ...inputs: never[]
  ) => { readonly input: infer Input; middlewareStack: unknown } & CommandOutput<infer Output>
    ? [Input, Output]
    : never
}

type OperationName<Export> = Export extends `${infer Name}Command`
  ? Name extends '' | '$'
    ? never
    : Name
  : never

/** Matches `resolveMiddleware`, whose handler's promise carries the output's type. */
interface CommandOutput<Output> {
  resolveMiddleware(
    ...context: never[]
  ): (...request: never[]) => Promise<{ output: Output; response: unknown }>
}

/** Streams arrive as Node streams and leave as streams, buffers or text; `$metadata` is the wire's. */
export type InputOf<T> = T extends { Body?: unknown } ? Omit<T, 'Body'> & { Body?: Readable } : T
export type OutputOf<T> = Omit<T, '$metadata' | 'Body'> &
  (T extends { Body?: unknown } ? { Body?: Readable | Buffer | string } : unknown)

/** One operation: its answer, or a thrown `AwsError`. `Deps` is what the service was made with. */
export type Operation<Operations, Name extends keyof Operations, Deps> = Operations[Name] extends [
  infer Input,
  infer Output,
]
  ? OperationDefinition<InputOf<Input>, OutputOf<Output>, Deps>
  : never

export interface OperationDefinition<Input, Output, Deps> {
  /** Which members are honoured; any other modelled member that a request carries is refused by name. */
  readonly accepts: AcceptTree
  handle(input: Input, request: Request, deps: Deps): Promise<Output>
}

/**
 * The members that an operation honours. `true`: any value below it. A function: those values (`is(false)`). A tree: the members of a
 * structure, or of each structure in a list or map.
 */
export interface AcceptTree {
  readonly [member: string]: true | AcceptRule | AcceptTree
}
export type AcceptRule = (value: unknown) => boolean

/** What the wire calls: a service with its dependencies bound. Made by `serviceOf`. */
export interface Service {
  /** The model's file name: `ec2`, `elbv2`, `codedeploy`. */
  readonly id: string
  readonly operations: ReadonlyMap<string, BoundOperation>
  /** Every number in its API is a whole one: the models do not say which are, and a fraction or NaN is refused before an operation sees it. */
  readonly countsInWholes?: boolean
  /** The member that the path gives in the query protocol, when the form does not: clients of SQS post to the queue's URL. */
  readonly pathMember?: string | undefined
  /** The error for a modelled member that is not supported: `path` is `NetworkInterfaces[0].PrivateIpAddresses`. */
  refuseMember(path: string, operation: string): Error
  /** Operations that machines may call with nothing but their identity document. */
  readonly machineOperations?: ReadonlySet<string>
  /** The error for a required member that is not there; absent, or giving nothing: the protocol's usual validation error. */
  missing?(path: string, operation: string): Error | undefined
}

export interface BoundOperation {
  readonly accepts: AcceptTree
  handle(input: never, request: Request): Promise<object>
}

/** Binds a service's operations to what they work with. */
export function serviceOf<Deps>(
  deps: Deps,
  definition: {
    readonly id: string
    readonly operations: Readonly<Record<string, OperationDefinition<never, object, Deps>>>
    readonly countsInWholes?: boolean
    readonly pathMember?: string
    readonly machineOperations?: ReadonlySet<string>
    refuseMember(path: string, operation: string): Error
    missing?(path: string, operation: string): Error | undefined
    /** What its engine refuses, as its API's errors; absent: the engine throws them itself, or refuses nothing. */
    asAwsError?: AsAwsError
  },
): Service {
  const { asAwsError = (thrown) => thrown } = definition
  const operations = new Map<string, BoundOperation>()
  for (const [name, operation] of Object.entries(definition.operations)) {
    operations.set(name, {
      accepts: operation.accepts,
      handle: (input, request) =>
        answered(() => operation.handle(input, request, deps), asAwsError),
    })
  }
  return {
    id: definition.id,
    operations,
    countsInWholes: definition.countsInWholes ?? false,
    pathMember: definition.pathMember,
    machineOperations: definition.machineOperations ?? new Set(),
    refuseMember: (path, operation) => definition.refuseMember(path, operation),
    missing: (path, operation) => definition.missing?.(path, operation),
  }
}
