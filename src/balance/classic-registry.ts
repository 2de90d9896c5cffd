import { instances, type Instance } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists } from '../store/records.ts'
import { classicNotFound } from './classic-catalogue.ts'
import {
  classicBalancers,
  classicInstanceRecordId,
  classicInstances,
  type ClassicBalancer,
  type ClassicInstance,
} from './classic-records.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { notRegistered, planClassicHealth, type ClassicHealth } from './plan-classic-health.ts'
import { classicListenerId } from './plan-classic.ts'
import type { ReportBook } from './report-book.ts'

/** Who stands behind classic balancers. Failures are `Refusal`s with Elastic Load Balancing's codes. */
export interface ClassicRegistry {
  /** Those that serve, and those that drain. */
  list(scope: Scope, name: string): Promise<readonly ClassicInstance[]>
  /** All or none of them. What drains comes back. */
  register(scope: Scope, name: string, instanceIds: readonly string[]): Promise<void>
  /** Starts draining where the balancer drains; else they are gone at once. Who is not registered is left alone. */
  deregister(scope: Scope, name: string, instanceIds: readonly string[]): Promise<void>
  /** Whether the gateways of all its zones listen on all its ports. */
  isCarried(scope: Scope, name: string): Promise<boolean>
  /** Of those that are registered; or of those that are named, registered or not. */
  health(
    scope: Scope,
    name: string,
    instanceIds?: readonly string[],
  ): Promise<readonly ClassicHealth[]>
}

export function createClassicRegistry(
  context: EngineContext,
  hub: ConfigurationHub,
  book: ReportBook,
): ClassicRegistry {
  const { store } = context

  return {
    async list(scope, name) {
      await required(context, scope, name)
      return (await store.list(classicInstances, scope, { owner: name })).map(({ value }) => value)
    },
    async register(scope, name, instanceIds) {
      const { vpcId } = await required(context, scope, name)
      for (const instanceId of instanceIds) {
        const instance = await existing(context, scope, instanceId)
        if (instance.vpcId === vpcId) continue
        const message = `EC2 instance ${instanceId} is not in the same VPC as ELB.`
        throw new Refusal('InvalidInstance', message)
      }
      for (const instanceId of instanceIds) await enter(context, scope, { name, instanceId })
    },
    async deregister(scope, name, instanceIds) {
      const { isDraining } = await required(context, scope, name)
      const known = await store.list(classicInstances, scope, { owner: name })
      const wanted = known.filter(({ value }) => instanceIds.includes(value.instanceId))
      for (const instanceId of instanceIds) {
        if (!wanted.some(({ value }) => value.instanceId === instanceId)) {
          await existing(context, scope, instanceId)
        }
      }
      for (const { id } of wanted) await leave(context, scope, { id, isDraining })
    },
    async isCarried(scope, name) {
      const balancer = await required(context, scope, name)
      const { gateways } = await hub.picture()
      return balancer.zones.every(({ subnetId }) => {
        const gateway = gateways.find((each) => each.subnetId === subnetId)
        const listening = gateway && book.find(gateway.gatewayId)?.listening
        return balancer.listeners.every(({ port }) =>
          listening?.includes(classicListenerId(balancer, port)),
        )
      })
    },
    async health(scope, name, instanceIds) {
      const balancer = await required(context, scope, name)
      const known = await store.list(classicInstances, scope, { owner: name })
      const picture = await hub.picture()
      const reports = book.fresh()
      const asked = instanceIds ?? known.map(({ value }) => value.instanceId)
      return Promise.all(
        asked.map(async (instanceId) => {
          const registration = known.find(({ value }) => value.instanceId === instanceId)?.value
          if (!registration) {
            await existing(context, scope, instanceId)
            return { instanceId, ...notRegistered }
          }
          const instance = (await store.find(instances, scope, instanceId))?.value
          return planClassicHealth(picture, { balancer, registration, instance }, reports)
        }),
      )
    },
  }
}

async function required(
  { store }: EngineContext,
  scope: Scope,
  name: string,
): Promise<ClassicBalancer> {
  const record = await store.find(classicBalancers, scope, name)
  if (!record) throw classicNotFound(name)
  return record.value
}

async function existing(
  { store }: EngineContext,
  scope: Scope,
  instanceId: string,
): Promise<Instance> {
  const record = await store.find(instances, scope, instanceId)
  if (record && record.value.state !== 'terminated') return record.value
  throw new Refusal('InvalidInstance', `Could not find EC2 instance ${instanceId}.`)
}

async function enter(
  { store }: EngineContext,
  scope: Scope,
  at: { readonly name: string; readonly instanceId: string },
): Promise<void> {
  const { name, instanceId } = at
  const id = classicInstanceRecordId(name, instanceId)
  const registration: ClassicInstance = { balancerName: name, instanceId, state: 'active' }
  try {
    await store.insert(classicInstances, { scope, id, owner: name }, registration)
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    await modify(store, { kind: classicInstances, scope, id }, (known) =>
      known.state === 'active' ? undefined : registration,
    )
  }
}

async function leave(
  { store, clock }: EngineContext,
  scope: Scope,
  { id, isDraining }: { readonly id: string; readonly isDraining: boolean },
): Promise<void> {
  if (isDraining) {
    await modify(store, { kind: classicInstances, scope, id }, (value) =>
      value.state === 'draining'
        ? undefined
        : { ...value, state: 'draining' as const, drainingSince: clock.now() },
    )
    return
  }
  await store.transaction(async (records) => {
    const record = await records.find(classicInstances, scope, id)
    if (record) await records.remove(record)
  })
}
