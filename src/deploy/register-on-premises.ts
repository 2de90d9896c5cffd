import type { Scope } from '../kernel/scope.ts'
import { mirrorKey } from '../store/mirror.ts'
import { RecordExists, StaleRevision, type Records, type Store } from '../store/records.ts'
import {
  isRegistered,
  onPremisesIdentities,
  onPremisesInstances,
  type OnPremisesInstance,
} from './on-premises.ts'

export type Registered = 'registered' | 'name-taken' | 'identity-taken'

interface Registration {
  readonly scope: Scope
  readonly instance: OnPremisesInstance
}

interface Waiting extends Registration {
  resolve(outcome: Registered): void
  reject(reason: unknown): void
}

/** Of one transaction. */
const registrationsMax = 100

/**
 * Registers servers; their tags begin anew. `name-taken` and `identity-taken` change nothing. What is asked for while a transaction is
 * under way goes as one after it: a fleet registers at once, and its transactions would only get in each other's way.
 */
export function registrations(
  store: Store,
): (scope: Scope, instance: OnPremisesInstance) => Promise<Registered> {
  let waiting: Waiting[] = []
  let isWorking = false

  async function work(): Promise<void> {
    isWorking = true
    while (waiting.length > 0) {
      const taken = takeDistinct(waiting)
      waiting = waiting.filter((one) => !taken.includes(one))
      await registerAll(store, taken)
    }
    isWorking = false
  }

  return (scope, instance) =>
    new Promise((resolve, reject) => {
      waiting.push({ scope, instance, resolve, reject })
      if (!isWorking) void work()
    })
}

/** The first ones, of which no two want the same name or ARN. */
function takeDistinct(waiting: readonly Waiting[]): readonly Waiting[] {
  const wanted = new Set<string>()
  const taken: Waiting[] = []
  for (const one of waiting) {
    if (taken.length >= registrationsMax) break
    const { scope, instance } = one
    const name = mirrorKey({ scope, id: `name ${instance.instanceName}` })
    const arn = mirrorKey({ scope, id: `arn ${instance.identity.arn}` })
    if (wanted.has(name) || wanted.has(arn)) continue
    wanted.add(name).add(arn)
    taken.push(one)
  }
  return taken
}

async function registerAll(store: Store, taken: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await store.transaction((records) =>
      Promise.all(taken.map((one) => register(records, one))),
    )
    for (const [index, one] of taken.entries()) one.resolve(outcomes[index] ?? 'name-taken')
  } catch (thrown) {
    const [only, ...others] = taken
    if (others.length > 0) {
      // One of them lost a race against another server, or more: each by itself tells which.
      for (const one of taken) await registerAll(store, [one])
    } else if (thrown instanceof RecordExists || thrown instanceof StaleRevision) {
      only?.resolve('name-taken')
    } else only?.reject(thrown)
  }
}

async function register(records: Records, { scope, instance }: Registration): Promise<Registered> {
  const { instanceName, identity } = instance
  const [known, owner] = await Promise.all([
    records.find(onPremisesInstances, scope, instanceName),
    records.find(onPremisesIdentities, scope, identity.arn),
  ])
  if (known && isRegistered(known.value)) return 'name-taken'
  if (owner) return 'identity-taken'
  const named = { scope, id: instanceName }
  await Promise.all([
    records.insert(onPremisesIdentities, { scope, id: identity.arn }, { instanceName }),
    known ? records.update(known, instance) : records.insert(onPremisesInstances, named, instance),
  ])
  return 'registered'
}
