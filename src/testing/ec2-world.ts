import { ec2Service, type Ec2Deps, type Ec2Operations } from '../services/ec2/index.ts'
import { createWire } from '../wire/create-wire.ts'
import type { InputOf, OutputOf } from '../wire/service.ts'
import { computeWorld, type ComputeWorld } from './compute-world.ts'
import { officialClient } from './wire-client.ts'

type In<Name extends keyof Ec2Operations> = Ec2Operations[Name] extends [infer Input, unknown]
  ? InputOf<Input>
  : never
type Out<Name extends keyof Ec2Operations> = Ec2Operations[Name] extends [unknown, infer Output]
  ? OutputOf<Output>
  : never

/** EC2 over fakes, asked by the unmodified client of AWS over the real wire. */
export interface Ec2World extends ComputeWorld {
  readonly deps: Ec2Deps
  readonly call: <Name extends keyof Ec2Operations>(
    name: Name,
    input: In<Name>,
  ) => Promise<Out<Name>>
}

/** The same for one test, at whose end it is closed. */
export async function ec2WorldOf(
  test: { after(close: () => Promise<void>): void },
  options: Parameters<typeof computeWorld>[0] = {},
): Promise<Ec2World> {
  const world = await ec2World(options)
  test.after(() => world.close())
  return world
}

export async function ec2World(
  options: Parameters<typeof computeWorld>[0] = {},
): Promise<Ec2World> {
  const world = await computeWorld(options)
  const { context, network, compute, profiles, scope } = world
  const { store, clock, random, log } = context
  const deps: Ec2Deps = { store, clock, random, network, compute, profiles }
  const wire = createWire({
    services: [ec2Service(deps)],
    authentication: 'off',
    credentials: { find: async () => undefined },
    clock,
    random,
    log,
    defaults: scope,
  })
  const client = officialClient({
    client: 'ec2',
    exchange: (request) => wire.exchange(request),
  })
  return {
    ...world,
    deps,
    async call(name, input) {
      const answer = await client.send(name, input as object)
      await world.clock.settle()
      return answer as never
    },
    async close() {
      client.destroy()
      await world.close()
    },
  }
}
