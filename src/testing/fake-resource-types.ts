import type { ParameterLookups } from '../stacks/parameter-lookups.ts'
import type {
  Inventory,
  ResourceChange,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../stacks/resource-type.ts'

/** A resource that exists in the fake world. */
export interface FakeResource {
  readonly id: string
  readonly type: string
  readonly logicalId: string
  readonly token: string
  properties: Readonly<Record<string, unknown>>
  tags: ResourceContext['tags']
}

export interface FakeWorld {
  readonly live: Map<string, FakeResource>
  /** `create Web`, `update Web`, `remove Web`, in the order of their effect. */
  readonly log: string[]
  /** Broken promises: something made before what it needs, or removed while it is needed. */
  readonly violations: string[]
  /** How many creates were in progress at the same time at most. */
  busiest: number
  /** Names that fail: `create Web`. The resource is made all the same when `afterMaking` has it. */
  readonly failing: Set<string>
  readonly afterMaking: Set<string>
  /** Called before each effect and after it; throwing there is a crash between two steps. */
  step: () => Promise<void>
}

export function fakeWorld(): FakeWorld {
  return {
    live: new Map(),
    log: [],
    violations: [],
    busiest: 0,
    failing: new Set(),
    afterMaking: new Set(),
    step: async () => {},
  }
}

export const fakeLookups: ParameterLookups = {
  exists: async (_scope, type, value) =>
    type === 'AWS::EC2::KeyPair::KeyName' ? value === 'my-key' : undefined,
  zones: async (scope) => ['a', 'b', 'c'].map((letter) => scope.region + letter),
}

/**
 * A type whose resources live in a map. `Needs` names physical ids that must live as long as it does; `Fixed` replaces; `Wait`
 * makes create last that many milliseconds. The value `bad` fails
 * before anything is done, `spoilt` after it.
 */
export function fakeType(world: FakeWorld, name = 'Fake::Thing'): ResourceType {
  let running = 0

  async function make(
    properties: Readonly<Record<string, unknown>>,
    context: ResourceContext,
  ): Promise<FakeResource> {
    const made = [...world.live.values()].find(({ token }) => token === context.token)
    if (made) return made
    const { logicalId, token } = context
    if (world.failing.has(`create ${logicalId}`) && !world.afterMaking.has(logicalId)) {
      throw new Error(`no room for ${logicalId}`)
    }
    if (properties['Value'] === 'bad') throw new Error(`${logicalId} is bad`)
    await world.step()
    const id = `${logicalId.toLowerCase()}-${token.slice(-6)}`
    for (const needed of needsOf(properties)) {
      if (!world.live.has(needed)) world.violations.push(`${id} was made without ${needed}`)
    }
    const resource: FakeResource = {
      ...{ id, type: name, logicalId, token },
      ...{ properties, tags: context.tags },
    }
    world.live.set(id, resource)
    world.log.push(`create ${logicalId}`)
    await world.step()
    return resource
  }

  return {
    name,
    properties: {
      ...{ Value: 'string', Count: 'number', Needs: true, Fixed: true, Wait: 'number' },
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Value', 'Arn'],
    replaceOn: ['Fixed'],
    async create(properties, context) {
      running++
      world.busiest = Math.max(world.busiest, running)
      try {
        const resource = await make(properties, context)
        await context.started(resource.id)
        const until = Number(properties['Wait'] ?? 0)
        let looks = 0
        if (until > 0) {
          await context.until('the fake', until * 1000, async () =>
            looks++ > until ? 1 : undefined,
          )
        }
        if (world.failing.has(`create ${context.logicalId}`) || properties['Value'] === 'spoilt') {
          throw new Error(`${context.logicalId} did not come up`)
        }
        return stateOf(resource)
      } finally {
        running--
      }
    },
    update: (change, context) => updateFake(world, change, context),
    async read({ physicalId }) {
      return world.live.get(physicalId)?.properties
    },
    remove: ({ physicalId }, context) => removeFake(world, physicalId, context),
    inventory: fakeInventory(world, name),
  }
}

function fakeInventory(world: FakeWorld, name: string): Inventory {
  return {
    identifier: 'Id',
    list: async () =>
      [...world.live.values()].flatMap((each) => (each.type === name ? each.id : [])),
    async describe(physicalId) {
      const resource = world.live.get(physicalId)
      return resource && { ...resource.properties, ...stateOf(resource).attributes, Id: physicalId }
    },
  }
}

async function updateFake(
  world: FakeWorld,
  { physicalId, after }: ResourceChange,
  { logicalId, tags }: ResourceContext,
): Promise<ResourceState> {
  if (world.failing.has(`update ${logicalId}`)) throw new Error(`${logicalId} cannot change`)
  if (after['Value'] === 'bad') throw new Error(`${logicalId} is bad`)
  await world.step()
  const resource = world.live.get(physicalId)
  for (const needed of needsOf(after)) {
    if (!world.live.has(needed)) world.violations.push(`${physicalId} needs ${needed}`)
  }
  if (!resource) throw new Error(`${physicalId} is gone`)
  resource.properties = after
  resource.tags = tags
  world.log.push(`update ${logicalId}`)
  await world.step()
  if (after['Value'] === 'spoilt') throw new Error(`${logicalId} did not change well`)
  return stateOf(resource)
}

async function removeFake(
  world: FakeWorld,
  physicalId: string,
  { logicalId }: ResourceContext,
): Promise<void> {
  if (world.failing.has(`remove ${logicalId}`)) throw new Error(`${logicalId} cannot go`)
  await world.step()
  for (const other of world.live.values()) {
    if (other.id !== physicalId && needsOf(other.properties).includes(physicalId)) {
      world.violations.push(`${physicalId} was removed before ${other.id}`)
    }
  }
  if (world.live.delete(physicalId)) world.log.push(`remove ${logicalId}`)
  await world.step()
}

function needsOf(properties: Readonly<Record<string, unknown>>): readonly string[] {
  const needs = properties['Needs']
  return Array.isArray(needs) ? needs.map(String) : []
}

function stateOf({ id, properties }: FakeResource): ResourceState {
  const value = properties['Value'] ?? ''
  return { physicalId: id, attributes: { Value: value, Arn: `arn:fake:${id}` } }
}
