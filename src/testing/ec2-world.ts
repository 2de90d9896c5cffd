import { ec2Service, type Ec2Deps, type Ec2Operations } from '../services/ec2/index.ts'
import { firstRefused } from '../wire/accept.ts'
import type { InputOf, OutputOf, Request } from '../wire/service.ts'
import { computeWorld, type ComputeWorld } from './compute-world.ts'

type In<Name extends keyof Ec2Operations> = Ec2Operations[Name] extends [infer Input, unknown]
  ? InputOf<Input>
  : never
type Out<Name extends keyof Ec2Operations> = Ec2Operations[Name] extends [unknown, infer Output]
  ? OutputOf<Output>
  : never

/** EC2 over fakes, called as the wire calls it: refused members are refused, answers have AWS's shapes. */
export interface Ec2World extends ComputeWorld {
  readonly deps: Ec2Deps
  readonly call: <Name extends keyof Ec2Operations>(
    name: Name,
    input: In<Name>,
  ) => Promise<Out<Name>>
}

export async function ec2World(options: { strictImages?: boolean } = {}): Promise<Ec2World> {
  const world = await computeWorld(options)
  const { context, network, compute, profiles } = world
  const { store, clock, random } = context
  const deps: Ec2Deps = { store, clock, random, network, compute, profiles }
  const service = ec2Service(deps)
  return {
    ...world,
    deps,
    async call(name, input) {
      const operation = service.operations.get(name)
      if (!operation) throw new Error(`no operation ${name}`)
      const refused = firstRefused(input, operation.accepts)
      if (refused !== undefined) throw service.refuseMember(refused, name)
      const answer = await operation.handle(input as never, requestOf(world, name))
      await world.clock.settle()
      return answer as never
    },
  }
}

function requestOf({ scope }: ComputeWorld, operation: string): Request {
  return {
    id: 'request-1',
    scope,
    principal: {
      arn: `arn:aws:iam::${scope.account}:root`,
      account: scope.account,
      userId: scope.account,
      accessKeyId: undefined,
    },
    protocol: 'ec2Query',
    service: 'ec2',
    operation,
    headers: {},
    host: '127.0.0.1:4566',
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    setStatus() {},
    setHeader() {},
  }
}
