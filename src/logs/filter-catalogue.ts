import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import {
  parseFilterPattern,
  patternLengthMax,
  referenceOf,
  type FilterPattern,
} from './domain/pattern/filter-pattern.ts'
import { PatternFault } from './domain/pattern/pattern-fault.ts'
import { numberOf } from './domain/pattern/comparison.ts'
import { inGroup, logGroups, type LogGroup } from './log-group.ts'
import { metricFilters, type MetricFilter, type MetricTransformation } from './metric-filter.ts'
import { invalid, LogRefusal, notFound, unfit } from './refusal.ts'

/** AWS's bound of filters of one group. */
const filtersMax = 100
const dimensionsMax = 3

export type FilterWish = Pick<MetricFilter, 'name' | 'pattern' | 'transformations' | 'token'>

/** Metric filters of groups. Refusals are thrown as `LogRefusal`. */
export class FilterCatalogue {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  async list(scope: Scope, group: LogGroup, prefix = ''): Promise<readonly MetricFilter[]> {
    const found = await this.#context.store.list(metricFilters, scope, {
      owner: group.id,
      idPrefix: inGroup(group.id, prefix),
    })
    return found.map(({ value }) => value)
  }

  /** Of all groups. */
  async listAll(scope: Scope): Promise<readonly MetricFilter[]> {
    return (await this.#context.store.list(metricFilters, scope)).map(({ value }) => value)
  }

  async find(scope: Scope, group: LogGroup, name: string): Promise<MetricFilter | undefined> {
    return (await this.#context.store.find(metricFilters, scope, inGroup(group.id, name)))?.value
  }

  /** Makes it, or gives the one of that name new settings. */
  async put(scope: Scope, groupName: string, wish: FilterWish): Promise<void> {
    checkFilter(wish)
    const { store, clock } = this.#context
    await store.transaction(async (records) => {
      const group = await records.find(logGroups, scope, groupName)
      if (!group) throw notFound('group')
      const owner = group.value.id
      const id = inGroup(owner, wish.name)
      const held = await records.find(metricFilters, scope, id)
      const createdAt = held?.value.createdAt ?? clock.now()
      const filter: MetricFilter = { ...wish, groupName, groupId: owner, createdAt }
      if (held) return void (await records.update(held, filter))
      const others = await records.list(metricFilters, scope, { owner, itemsMax: filtersMax })
      if (others.length >= filtersMax) {
        throw new LogRefusal('LimitExceededException', 'Resource limit exceeded.')
      }
      await records.insert(metricFilters, { scope, id, owner }, filter)
    })
  }

  async remove(scope: Scope, groupName: string, name: string): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      const group = await records.find(logGroups, scope, groupName)
      if (!group) throw notFound('group')
      const held = await records.find(metricFilters, scope, inGroup(group.value.id, name))
      if (!held) {
        throw new LogRefusal(
          'ResourceNotFoundException',
          'The specified metric filter does not exist.',
        )
      }
      await records.remove(held)
    })
  }
}

/** Throws `InvalidParameterException` for a pattern that cannot be read. */
export function readPattern(text: string): FilterPattern {
  if (text.length > patternLengthMax) {
    throw unfit(
      'filterPattern',
      text,
      `Member must have length less than or equal to ${patternLengthMax}`,
    )
  }
  try {
    return parseFilterPattern(text)
  } catch (thrown) {
    throw thrown instanceof PatternFault ? invalid(thrown.message) : thrown
  }
}

function checkFilter({ name, pattern, transformations }: FilterWish): void {
  if (!/^[^:*]{1,512}$/.test(name)) {
    throw unfit('filterName', name, 'Member must satisfy regular expression pattern: [^:*]*')
  }
  const parsed = readPattern(pattern)
  if (transformations.length !== 1) {
    throw unfit(
      'metricTransformations',
      JSON.stringify(transformations),
      `Member must have length ${transformations.length < 1 ? 'greater' : 'less'} than or equal to 1`,
    )
  }
  for (const transformation of transformations) checkTransformation(parsed, transformation)
}

function checkTransformation(pattern: FilterPattern, transformation: MetricTransformation): void {
  const { metricName, metricNamespace, metricValue, defaultValue, dimensions } = transformation
  for (const [member, text] of [
    ['metricName', metricName],
    ['metricNamespace', metricNamespace],
  ] as const) {
    if (text.length > 255 || /[:*$]/.test(text)) {
      throw unfit(
        `metricTransformations.1.member.${member}`,
        text,
        'Member must satisfy regular expression pattern: [^:*$]*',
      )
    }
    if (text === '') throw invalid(`Invalid metric transformation: ${member} is empty`)
  }
  if (numberOf(metricValue) === undefined && !refers(pattern, metricValue)) {
    throw invalid(`Invalid metric transformation: ${metricValue} is no value`)
  }
  const fields = Object.entries(dimensions ?? {})
  if (fields.length === 0) return
  if (defaultValue !== undefined) {
    throw invalid(
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
    )
  }
  if (fields.length > dimensionsMax) {
    throw invalid(`Invalid metric transformation: more than ${dimensionsMax} dimensions`)
  }
  for (const [key, reference] of fields) {
    if (key === '' || key.length > 255 || key.startsWith(':') || !refers(pattern, reference)) {
      throw invalid(
        `Invalid metric transformation: ${key} with the value ${reference} is no dimension`,
      )
    }
  }
}

function refers(pattern: FilterPattern, reference: string): boolean {
  try {
    return referenceOf(pattern, reference) !== undefined
  } catch (thrown) {
    if (thrown instanceof PatternFault) return false
    throw thrown
  }
}
