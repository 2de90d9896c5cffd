import { isoSeconds } from '../kernel/clock.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { matchesPattern, type JsonObject } from '../topics/domain/pattern.ts'
import { pendingEvents, rules, type BusEvent, type Rule } from './rule.ts'

/** What somebody has to say. */
export interface Saying {
  readonly source: string
  readonly detailType: string
  readonly resources: readonly string[]
  readonly detail: JsonObject
  /** When it happened; absent: now. */
  readonly at?: number | undefined
}

/** Takes events in. */
export class EventBus {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  /** Resolves with the event's id when it is durable, or nobody is to have it. */
  async put(scope: Scope, saying: Saying): Promise<string> {
    const { store } = this.#context
    const event = eventOf(this.#context, scope, saying)
    const takers = (await store.list(rules, scope)).filter(({ value }) => wants(value, event))
    await insertEvent(this.#context, store, {
      scope,
      event,
      takers: takers.map((one) => one.value),
    })
    return event.id
  }
}

function wants(rule: Rule, event: JsonObject): boolean {
  if (!rule.isEnabled || rule.pattern === undefined || rule.targets.length === 0) return false
  return matchesPattern(JSON.parse(rule.pattern) as JsonObject, event)
}

/** An event in AWS's words; its time is in whole seconds. */
export function eventOf(
  { random, clock }: Pick<EngineContext, 'random' | 'clock'>,
  scope: Scope,
  { source, detailType, resources, detail, at = clock.now() }: Saying,
): BusEvent {
  return {
    version: '0',
    id: uuid(random),
    'detail-type': detailType,
    source,
    account: scope.account,
    time: isoSeconds(at),
    region: scope.region,
    resources,
    detail,
  }
}

/** Writes what an event has to reach, in the caller's transaction if it has one. */
export async function insertEvent(
  { random, clock }: Pick<EngineContext, 'random' | 'clock'>,
  records: Records,
  of: { readonly scope: Scope; readonly event: BusEvent; readonly takers: readonly Rule[] },
): Promise<void> {
  const now = clock.now()
  const pending = of.takers.flatMap(({ name, targets }) =>
    targets.map((target) => ({ ruleName: name, target, attempts: 0, dueAt: now })),
  )
  if (pending.length === 0) return
  const id = `${now.toString().padStart(15, '0')}-${random.hex(6)}`
  const at = { scope: of.scope, id }
  await records.insert(pendingEvents, at, { event: of.event, heardAt: now, pending })
}
