import { instances, type Instance, type Instances } from '../compute/instance.ts'
import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify } from '../store/records.ts'

export interface FakeInstances extends Instances {
  /** Every launch that made an instance, by client token. */
  readonly launched: string[]
  readonly terminated: string[]
  /** Throw it from the next launches, until it is cleared. */
  launchFailure: Error | undefined
  /** Throw it from `list`: an inventory that cannot be read. */
  listFailure: Error | undefined
  /** Runs after an instance was made and before the launch returns: a place to crash. */
  afterLaunch: (() => Promise<void>) | undefined
  /** The world moves an instance. */
  move(scope: Scope, instanceId: string, to: Partial<Instance>): Promise<void>
  /** Everything pending runs, everything that ends is over. */
  settle(): Promise<void>
}

/** The instances engine without machines: records whose state a test moves. */
export function fakeInstances(context: EngineContext): FakeInstances {
  const { store, random, clock } = context
  const move = async (scope: Scope, id: string, to: Partial<Instance>) => {
    await modify(store, { kind: instances, scope, id }, (value) => ({ ...value, ...to }))
  }
  const fake: FakeInstances = {
    launched: [],
    terminated: [],
    launchFailure: undefined,
    listFailure: undefined,
    afterLaunch: undefined,
    move,
    async launch(scope, request) {
      const held = (await store.list(instances, scope)).find(
        (record) => record.value.clientToken === request.clientToken,
      )
      if (held) return [held]
      if (fake.launchFailure) throw fake.launchFailure
      const instanceId = resourceId(random, 'i')
      fake.launched.push(request.clientToken ?? '')
      const record = await store.insert(
        instances,
        { scope, id: instanceId },
        instanceOf(request, instanceId, clock.now()),
      )
      await fake.afterLaunch?.()
      return [record]
    },
    find: (scope, id) => store.find(instances, scope, id),
    async list(scope) {
      if (fake.listFailure) throw fake.listFailure
      return store.list(instances, scope)
    },
    async terminate(scope, id) {
      fake.terminated.push(id)
      await move(scope, id, { desired: 'terminated', state: 'shutting-down' })
    },
    stop: (scope, id) => move(scope, id, { desired: 'stopped', state: 'stopped' }),
    start: (scope, id) => move(scope, id, { desired: 'running', state: 'running' }),
    async reboot() {},
    async setTags() {},
    async change(scope, id, to) {
      await modify(store, { kind: instances, scope, id }, to)
    },
    async settle() {
      for (const { scope, id, value } of await store.listAll(instances)) {
        if (value.state === 'pending') await move(scope, id, { state: 'running' })
        if (value.state === 'shutting-down') await move(scope, id, { state: 'terminated' })
      }
    },
  }
  return fake
}

function instanceOf(
  request: Parameters<Instances['launch']>[1],
  instanceId: string,
  launchedAt: number,
): Instance {
  return {
    instanceId,
    reservationId: `r-${instanceId}`,
    launchIndex: 0,
    imageId: request.imageId,
    instanceType: request.instanceType,
    zone: request.zone ?? '',
    vpcId: 'vpc-1',
    subnetId: request.subnetId ?? '',
    interfaceId: `eni-${instanceId}`,
    macAddress: '02:00:00:00:00:01',
    privateAddress: '10.0.0.10',
    securityGroupIds: [],
    ...(request.clientToken ? { clientToken: request.clientToken } : {}),
    launchedAt,
    desired: 'running',
    state: 'pending',
    incarnation: 1,
    tags: request.tags,
    metadataTokens: 'optional',
    ...(request.spot && {
      spot: { ...request.spot, requestId: `sir-${instanceId}`, createdAt: launchedAt },
    }),
  }
}
