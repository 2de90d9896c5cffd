import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { StoredRecord } from '../store/records.ts'
import { parsed } from '../topics/domain/filter-policy.ts'
import { patternFault } from '../topics/domain/pattern-fault.ts'
import type { Json } from '../topics/domain/pattern.ts'
import { nextMoment, parseSchedule } from './domain/schedule.ts'
import { invalid, ruleNotFound, RuleRefusal } from './refusal.ts'
import { rules, type Rule, type RuleTarget } from './rule.ts'

export interface RuleWish {
  readonly name: string
  readonly pattern?: string | undefined
  readonly schedule?: string | undefined
  readonly description?: string | undefined
  readonly roleArn?: string | undefined
  readonly isEnabled: boolean
  /** Of a new rule. */
  readonly tags: Readonly<Record<string, string>>
  readonly token?: string
}

/** AWS's bound of targets of one rule. */
const targetsMax = 5

/** Rules of the bus `default`, by name. */
export class RuleCatalogue {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  async find(scope: Scope, name: string): Promise<Rule | undefined> {
    return (await this.#context.store.find(rules, scope, name))?.value
  }

  /** Throws `ResourceNotFoundException`. */
  async require(scope: Scope, name: string): Promise<Rule> {
    const rule = await this.find(scope, name)
    if (!rule) throw ruleNotFound(name)
    return rule
  }

  async list(scope: Scope, prefix = ''): Promise<readonly Rule[]> {
    const found = await this.#context.store.list(rules, scope, { idPrefix: prefix })
    return found.map(({ value }) => value)
  }

  /** Makes a rule, or gives the one of that name new settings; its targets stay. */
  async put(scope: Scope, wish: RuleWish): Promise<void> {
    checkWish(wish)
    const { name, pattern, schedule, description, roleArn, isEnabled, token } = wish
    const now = this.#context.clock.now()
    await this.#context.store.transaction(async (records) => {
      const held = await records.find(rules, scope, name)
      const isSame = held?.value.schedule === schedule && held?.value.isEnabled === isEnabled
      const scheduledSince = held && isSame ? held.value.scheduledSince : now
      const made = schedule === undefined ? undefined : parseSchedule(schedule)
      const nextAt = made && isEnabled ? nextMoment(made, now, scheduledSince) : undefined
      const rule: Rule = {
        name,
        ...(pattern === undefined ? {} : { pattern }),
        ...(schedule === undefined ? {} : { schedule }),
        scheduledSince,
        ...(nextAt === undefined ? {} : { nextAt }),
        ...(description === undefined ? {} : { description }),
        ...(roleArn === undefined ? {} : { roleArn }),
        isEnabled,
        targets: held?.value.targets ?? [],
        tags: held?.value.tags ?? wish.tags,
        ...(token === undefined ? {} : { token }),
      }
      if (held) await records.update(held, rule)
      else await records.insert(rules, { scope, id: name }, rule)
    })
  }

  async setEnabled(scope: Scope, name: string, isEnabled: boolean): Promise<void> {
    const { targets: _targets, tags, ...rule } = await this.require(scope, name)
    await this.put(scope, { ...rule, tags, isEnabled })
  }

  /** Over targets of the same ids. */
  async putTargets(scope: Scope, name: string, targets: readonly RuleTarget[]): Promise<void> {
    await this.change(scope, name, (rule) => {
      const ids = targets.map(({ id }) => id)
      const all = [...rule.targets.filter(({ id }) => !ids.includes(id)), ...targets]
      if (all.length > targetsMax) {
        throw new RuleRefusal(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed.',
        )
      }
      return { ...rule, targets: all }
    })
  }

  /** The ids that the rule has no target of. */
  async removeTargets(
    scope: Scope,
    name: string,
    ids: readonly string[],
  ): Promise<readonly string[]> {
    let unknown: readonly string[] = []
    await this.change(scope, name, (rule) => {
      unknown = ids.filter((id) => !rule.targets.some((target) => target.id === id))
      return { ...rule, targets: rule.targets.filter(({ id }) => !ids.includes(id)) }
    })
    return unknown
  }

  /** Throws `ResourceNotFoundException`. */
  async change(scope: Scope, name: string, change: (rule: Rule) => Rule): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      const record = await records.find(rules, scope, name)
      if (!record) throw ruleNotFound(name)
      await records.update(record, change(record.value))
    })
  }

  /** Nothing when there is none. A rule that has targets is refused. */
  async remove(scope: Scope, name: string, { withTargets = false } = {}): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      const record: StoredRecord<Rule> | undefined = await records.find(rules, scope, name)
      if (!record) return
      if (record.value.targets.length > 0 && !withTargets) {
        throw invalid("Rule can't be deleted since it has targets.")
      }
      await records.remove(record)
    })
  }
}

function checkWish({ name, pattern, schedule }: RuleWish): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    )
  }
  if (pattern === undefined && schedule === undefined) {
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  }
  if (schedule !== undefined && !parseSchedule(schedule)) {
    throw invalid('Parameter ScheduleExpression is not valid.')
  }
  if (pattern !== undefined) checkPattern(pattern)
}

/** Throws `InvalidEventPatternException`. Gives the pattern. */
export function checkPattern(text: string): Json {
  const pattern = parsed(text)
  const fault = pattern === undefined ? 'it is no JSON' : patternFault(pattern)
  if (fault !== undefined || pattern === undefined) {
    throw new RuleRefusal(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${fault}`,
    )
  }
  return pattern
}
