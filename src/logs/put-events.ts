import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { acceptBatch, type BatchEvent, type RejectedEvents } from './domain/accept-batch.ts'
import { measureEvent, type Measured } from './domain/measure-events.ts'
import { LogText } from './domain/pattern/log-text.ts'
import type { EventWriter } from './event-writer.ts'
import type { FilterIndex } from './filter-index.ts'
import { minuteOf, type FilterMinutes } from './filter-minutes.ts'
import type { GroupCatalogue } from './group-catalogue.ts'
import { keptFrom } from './log-group.ts'
import type { LogMetrics } from './log-metrics.ts'
import { invalid } from './refusal.ts'

/** Parts of the engine that taking events in needs. */
export interface PutDeps {
  readonly groups: GroupCatalogue
  readonly writer: EventWriter
  readonly index: FilterIndex
  readonly minutes: FilterMinutes
  readonly metrics: LogMetrics
}

/**
 * Takes events into a stream. Resolves when they are on disk, and so is what metric filters made of them: a caller who hears
 * nothing sends them again, and an event may then be there twice. Throws `LogRefusal`.
 */
export async function putEvents(
  { clock }: EngineContext,
  { groups, writer, index, minutes, metrics }: PutDeps,
  at: {
    readonly scope: Scope
    readonly groupName: string
    readonly streamName: string
    readonly events: readonly BatchEvent[]
  },
): Promise<RejectedEvents | undefined> {
  const { scope, groupName, streamName, events } = at
  const group = await groups.require(scope, groupName)
  const stream = await groups.requireStream(scope, group, streamName)
  const now = clock.now()
  const batch = acceptBatch(events, { now, keptFrom: keptFrom(group, now) })
  if ('fault' in batch) throw invalid(batch.fault)
  const { accepted, rejected } = batch
  const place = { group: group.id, stream: stream.id, ingestedAt: now }
  await writer.write({ ...place, events: accepted })
  const filters = await index.of(group.id)
  if (filters.length === 0 || accepted.length === 0) return rejected
  const texts = accepted.map((event) => [event, new LogText(event.message)] as const)
  const times = new Set(accepted.map((event) => minuteOf(event.at)))
  const measured: Measured[] = []
  for (const filter of filters) {
    const found = texts.flatMap(([event, text]) => measureEvent(filter, event, text))
    measured.push(...found)
    if (filter.transformations.every(({ defaultValue }) => defaultValue === undefined)) continue
    await minutes.note(filter.key, times, new Set(found.map((one) => minuteOf(one.at))))
  }
  if (measured.length > 0) await metrics.put(scope, measured)
  return rejected
}
