import { isShownCertificate, shownCertificateArn } from '../identity/server-certificates.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import type { RuleAction, RuleCondition } from '../protocol/gateway.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type Records } from '../store/records.ts'
import { balancerArn, listenerArn, ruleArn, targetGroupArn } from './arns.ts'
import { balancerNotFound, removeClaim, removeListener } from './balancer-catalogue.ts'
import {
  balancers,
  claims,
  groupsOf,
  listeners,
  rules,
  targetGroups,
  type BalancerListener,
  type BalancerRule,
  type ListenerTls,
  type Transport,
} from './records.ts'

export interface NewListener {
  readonly balancerId: string
  readonly port: number
  readonly protocol?: 'tcp'
  readonly transport?: Transport
  readonly tls?: ListenerTls
  readonly action: RuleAction
  readonly tags: readonly Tag[]
}

export interface ListenerChange {
  readonly port?: number
  /** `undefined` makes it an HTTP listener; absent leaves it as it is. */
  readonly tls?: ListenerTls | undefined
  readonly action?: RuleAction
  readonly idleTimeoutSeconds?: number
  readonly tags?: readonly Tag[]
}

export interface NewRule {
  readonly listenerId: string
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
  readonly action: RuleAction
  readonly tags: readonly Tag[]
}

/** Listeners and their rules as records. Failures are `Refusal`s with ELBv2's codes. */
export interface ListenerCatalogue {
  create(scope: Scope, request: NewListener): Promise<BalancerListener>
  find(scope: Scope, listenerId: string): Promise<BalancerListener | undefined>
  /** Of one balancer, or all. */
  list(scope: Scope, balancerId?: string): Promise<readonly BalancerListener[]>
  modify(scope: Scope, listenerId: string, change: ListenerChange): Promise<BalancerListener>
  /**
   * Its certificates after the change, the default one first; all must be there. Of changes at once none is lost.
   * Undefined of a listener without TLS.
   */
  changeCertificates(
    scope: Scope,
    listenerId: string,
    change: (certificateIds: readonly string[]) => readonly string[],
  ): Promise<ListenerTls | undefined>
  remove(scope: Scope, listenerId: string): Promise<void>
  createRule(scope: Scope, request: NewRule): Promise<BalancerRule>
  findRule(scope: Scope, ruleId: string): Promise<BalancerRule | undefined>
  /** In the order in which they are tried. */
  listRules(scope: Scope, listenerId: string): Promise<readonly BalancerRule[]>
  modifyRule(
    scope: Scope,
    ruleId: string,
    change: Partial<Pick<BalancerRule, 'conditions' | 'action' | 'tags'>>,
  ): Promise<BalancerRule>
  setPriorities(
    scope: Scope,
    priorities: readonly { readonly ruleId: string; readonly priority: number }[],
  ): Promise<readonly BalancerRule[]>
  removeRule(scope: Scope, ruleId: string): Promise<void>
}

function listenerNotFound(arn: string): Refusal {
  return new Refusal('ListenerNotFound', `One or more listeners not found: '${arn}'`)
}

function ruleNotFound(arn: string): Refusal {
  return new Refusal('RuleNotFound', `One or more rules not found: '${arn}'`)
}

const portTaken = (): Refusal =>
  new Refusal('DuplicateListener', 'A listener already exists on this port for this load balancer')

const priorityTaken = (priority: number): Refusal =>
  new Refusal('PriorityInUse', `Priority '${priority}' is currently in use`)

async function claim(
  records: Records,
  at: { scope: Scope; id: string },
  refusal: Refusal,
): Promise<void> {
  if (await records.find(claims, at.scope, at.id)) throw refusal
  await records.insert(claims, at, { by: at.id })
}

export function createListenerCatalogue(context: EngineContext): ListenerCatalogue {
  const { store, random } = context
  return {
    async create(scope, request) {
      const { balancerId, tls, transport, action, port } = request
      const balancer = await store.find(balancers, scope, balancerId)
      if (!balancer) throw balancerNotFound(balancerArn(scope, balancerId))
      const { vpcId } = balancer.value
      const isSecure = tls !== undefined
      await checkGroups(store, scope, { action, balancerId, vpcId, isSecure, transport })
      if (tls) await checkCertificates(store, scope, tls)
      const listener = { ...request, listenerId: `${balancerId}/${random.hex(8)}` }
      return racing(portTaken(), () =>
        store.transaction(async (records) => {
          await claim(records, { scope, id: `port/${balancerId}/${port}` }, portTaken())
          const at = { scope, id: listener.listenerId, owner: balancerId }
          return (await records.insert(listeners, at, listener)).value
        }),
      )
    },
    find: async (scope, id) => (await store.find(listeners, scope, id))?.value,
    async list(scope, balancerId) {
      const records = await store.list(
        listeners,
        scope,
        balancerId === undefined ? {} : { owner: balancerId },
      )
      return records.map((record) => record.value)
    },
    async modify(scope, listenerId, change) {
      const known = await store.find(listeners, scope, listenerId)
      if (!known) throw listenerNotFound(listenerArn(scope, listenerId))
      const { balancerId, port } = known.value
      const wasSecure = known.value.tls !== undefined
      const isSecure = 'tls' in change ? change.tls !== undefined : wasSecure
      if (change.action !== undefined || (wasSecure && !isSecure)) {
        const balancer = await store.find(balancers, scope, balancerId)
        const { transport } = known.value
        const at = { balancerId, vpcId: balancer?.value.vpcId ?? '', isSecure, transport }
        // Rules stay as they are when the listener begins to speak plain HTTP.
        const kept = wasSecure && !isSecure ? await rulesOf(store, scope, listenerId) : []
        for (const { action } of [{ action: change.action ?? known.value.action }, ...kept]) {
          await checkGroups(store, scope, { ...at, action })
        }
      }
      if (change.tls) await checkCertificates(store, scope, change.tls)
      return racing(portTaken(), () =>
        store.transaction(async (records) => {
          const record = await records.find(listeners, scope, listenerId)
          if (!record) throw listenerNotFound(listenerArn(scope, listenerId))
          if (change.port !== undefined && change.port !== port) {
            await claim(records, { scope, id: `port/${balancerId}/${change.port}` }, portTaken())
            await removeClaim(records, scope, `port/${balancerId}/${port}`)
          }
          return (await records.update(record, changed(record.value, change))).value
        }),
      )
    },
    changeCertificates: (scope, listenerId, change) =>
      changeCertificates(store, { scope, listenerId }, change),
    async remove(scope, listenerId) {
      await store.transaction((records) => removeListener(records, scope, listenerId))
    },
    ...createRuleCatalogue(context),
  }
}

async function changeCertificates(
  store: EngineContext['store'],
  { scope, listenerId }: { readonly scope: Scope; readonly listenerId: string },
  change: (certificateIds: readonly string[]) => readonly string[],
): Promise<ListenerTls | undefined> {
  const known = await store.find(listeners, scope, listenerId)
  if (!known) throw listenerNotFound(listenerArn(scope, listenerId))
  const after = (tls: ListenerTls): ListenerTls => ({
    ...tls,
    certificateIds: [...new Set(change(tls.certificateIds))],
  })
  if (known.value.tls) await checkCertificates(store, scope, after(known.value.tls))
  const record = await modify(store, { kind: listeners, scope, id: listenerId }, (listener) =>
    listener.tls === undefined ? undefined : { ...listener, tls: after(listener.tls) },
  )
  return record?.value.tls
}

function changed(listener: BalancerListener, change: ListenerChange): BalancerListener {
  const { tls: before, ...others } = listener
  const { tls, ...rest } = { tls: before, ...change }
  return { ...others, ...rest, ...(tls === undefined ? {} : { tls }) }
}

type RuleCatalogue = Pick<
  ListenerCatalogue,
  'createRule' | 'findRule' | 'listRules' | 'modifyRule' | 'setPriorities' | 'removeRule'
>

function createRuleCatalogue({ store, random }: EngineContext): RuleCatalogue {
  const listRules = (scope: Scope, listenerId: string): Promise<readonly BalancerRule[]> =>
    rulesOf(store, scope, listenerId)
  const checkRule = async (scope: Scope, listenerId: string, action: RuleAction): Promise<void> => {
    const listener = await store.find(listeners, scope, listenerId)
    if (!listener) throw listenerNotFound(listenerArn(scope, listenerId))
    const { balancerId } = listener.value
    const balancer = await store.find(balancers, scope, balancerId)
    const vpcId = balancer?.value.vpcId ?? ''
    const isSecure = listener.value.tls !== undefined
    const { transport } = listener.value
    await checkGroups(store, scope, { action, balancerId, vpcId, isSecure, transport })
  }
  return {
    async createRule(scope, request) {
      const { listenerId, priority, action } = request
      await checkRule(scope, listenerId, action)
      const rule: BalancerRule = { ...request, ruleId: `${listenerId}/${random.hex(8)}` }
      return racing(priorityTaken(priority), () =>
        store.transaction(async (records) => {
          const id = `priority/${listenerId}/${priority}`
          await claim(records, { scope, id }, priorityTaken(priority))
          const at = { scope, id: rule.ruleId, owner: listenerId }
          return (await records.insert(rules, at, rule)).value
        }),
      )
    },
    findRule: async (scope, id) => (await store.find(rules, scope, id))?.value,
    listRules,
    async modifyRule(scope, ruleId, change) {
      const known = await store.find(rules, scope, ruleId)
      if (!known) throw ruleNotFound(ruleArn(scope, ruleId))
      if (change.action) await checkRule(scope, known.value.listenerId, change.action)
      const record = await modify(store, { kind: rules, scope, id: ruleId }, (rule) => ({
        ...rule,
        ...change,
      }))
      if (!record) throw ruleNotFound(ruleArn(scope, ruleId))
      return record.value
    },
    setPriorities: (scope, priorities) =>
      store.transaction((records) => setPriorities(records, scope, priorities)),
    async removeRule(scope, ruleId) {
      await store.transaction(async (records) => {
        const rule = await records.find(rules, scope, ruleId)
        if (!rule) return
        const { listenerId, priority } = rule.value
        await removeClaim(records, scope, `priority/${listenerId}/${priority}`)
        await records.remove(rule)
      })
    },
  }
}

async function rulesOf(
  records: Records,
  scope: Scope,
  listenerId: string,
): Promise<readonly BalancerRule[]> {
  const found = await records.list(rules, scope, { owner: listenerId })
  return found.map((record) => record.value).toSorted((a, b) => a.priority - b.priority)
}

/** All old priorities are given up before the new ones are taken, so that rules may change places. */
async function setPriorities(
  records: Records,
  scope: Scope,
  priorities: readonly { readonly ruleId: string; readonly priority: number }[],
): Promise<readonly BalancerRule[]> {
  const found = []
  for (const { ruleId, priority } of priorities) {
    const record = await records.find(rules, scope, ruleId)
    if (!record) throw ruleNotFound(ruleArn(scope, ruleId))
    const { listenerId, priority: before } = record.value
    await removeClaim(records, scope, `priority/${listenerId}/${before}`)
    found.push({ record, priority })
  }
  const written: BalancerRule[] = []
  for (const { record, priority } of found) {
    const id = `priority/${record.value.listenerId}/${priority}`
    await claim(records, { scope, id }, priorityTaken(priority))
    written.push((await records.update(record, { ...record.value, priority })).value)
  }
  return written
}

async function racing<R>(refusal: Refusal, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof RecordExists) throw refusal
    throw thrown
  }
}

async function checkCertificates(records: Records, scope: Scope, tls: ListenerTls): Promise<void> {
  for (const id of tls.certificateIds) {
    if (await isShownCertificate(records, scope, id)) continue
    const arn = shownCertificateArn(scope, id)
    throw new Refusal('CertificateNotFound', `Certificate ARN '${arn}' is not valid`)
  }
}

/** Which groups of network balancers a listener may send to: of TCP and TLS those that take connections, of both kinds those of both. */
function takes(
  listener: Transport | undefined,
  group: Transport | undefined,
  isTls: boolean,
): boolean {
  if (isTls || group === undefined) return listener === undefined && group === undefined
  return group === 'tcp_udp' || listener === 'udp'
}

/** The groups of an action are of the balancer's VPC, and serve no other balancer. */
async function checkGroups(
  records: Records,
  scope: Scope,
  at: {
    readonly action: RuleAction
    readonly balancerId: string
    readonly vpcId: string
    readonly isSecure: boolean
    readonly transport: Transport | undefined
  },
): Promise<void> {
  for (const groupId of groupsOf(at.action)) {
    const group = await records.find(targetGroups, scope, groupId)
    const arn = targetGroupArn(scope, groupId)
    if (!group) throw new Refusal('TargetGroupNotFound', `Target groups '${arn}' not found`)
    const isNetwork = at.balancerId.startsWith('net/')
    // A listener that does not read TLS does not write it either.
    const isTlsAlone = isNetwork && group.value.isSecured === true && !at.isSecure
    const isFit = !isNetwork || takes(at.transport, group.value.transport, at.isSecure)
    if ((group.value.protocol === 'tcp') !== isNetwork || isTlsAlone || !isFit) {
      const message = `The protocol of the target group '${arn}' does not fit the listener`
      throw new Refusal('IncompatibleProtocols', message)
    }
    if (group.value.version !== undefined && !at.isSecure) {
      const version = group.value.version.toUpperCase()
      throw new Refusal(
        'InvalidLoadBalancerAction',
        `Listener protocol 'HTTP' is not supported with a target group with the protocol-version '${version}'`,
      )
    }
    if (isNetwork && at.isSecure && group.value.preservesClient === true) {
      const message = `preserve_client_ip.enabled of the target group '${arn}' is not supported here behind a TLS listener`
      throw new Refusal('InvalidConfigurationRequest', message)
    }
    if (group.value.vpcId !== at.vpcId) {
      const message = 'The target group is not in the VPC of the load balancer'
      throw new Refusal('InvalidConfigurationRequest', message)
    }
    const owner = await balancerUsing(records, scope, groupId)
    if (owner !== undefined && owner !== at.balancerId) {
      throw new Refusal(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      )
    }
  }
}

/** The balancer whose listeners or rules send to the group. */
export async function balancerUsing(
  records: Records,
  scope: Scope,
  groupId: string,
): Promise<string | undefined> {
  for (const { value } of await records.list(listeners, scope)) {
    if (groupsOf(value.action).includes(groupId)) return value.balancerId
  }
  for (const { value } of await records.list(rules, scope)) {
    if (!groupsOf(value.action).includes(groupId)) continue
    return value.listenerId.slice(0, value.listenerId.lastIndexOf('/'))
  }
  return undefined
}
