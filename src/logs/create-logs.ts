import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { BatchEvent, RejectedEvents } from './domain/accept-batch.ts'
import { EventReader } from './event-reader.ts'
import type { EventStore } from './event-store.ts'
import { createEventWriter } from './event-writer.ts'
import { FilterCatalogue } from './filter-catalogue.ts'
import { createFilterIndex } from './filter-index.ts'
import { defaultsReconciler, FilterMinutes } from './filter-minutes.ts'
import { GroupCatalogue } from './group-catalogue.ts'
import { LiveTail } from './live-tail.ts'
import type { LogMetrics } from './log-metrics.ts'
import { putEvents } from './put-events.ts'
import { StreamNames } from './stream-names.ts'
import { remainsReconciler, retentionReconciler } from './sweep-events.ts'

/** Groups, streams and events of all accounts and regions. Refusals are thrown as `LogRefusal`. */
export interface Logs {
  readonly context: EngineContext
  readonly events: EventStore
  readonly groups: GroupCatalogue
  readonly filters: FilterCatalogue
  readonly reader: EventReader
  readonly tail: LiveTail
  /** Resolves when the events are on disk, with what of them was not taken. */
  put(at: {
    readonly scope: Scope
    readonly groupName: string
    readonly streamName: string
    readonly events: readonly BatchEvent[]
  }): Promise<RejectedEvents | undefined>
  readonly reconcilers: readonly Reconciler[]
  /** Stops watching the store. The event store stays open: it is its maker's. */
  close(): void
}

/** What the engine is made with. */
export interface LogsDeps {
  readonly events: EventStore
  readonly metrics: LogMetrics
}

export function createLogs(context: EngineContext, { events, metrics }: LogsDeps): Logs {
  const { store, clock } = context
  const groups = new GroupCatalogue(context)
  const index = createFilterIndex(store, () => clock.now())
  const minutes = new FilterMinutes(context)
  const names = new StreamNames(store)
  const parts = { groups, index, minutes, metrics, writer: createEventWriter(events) }
  return {
    context,
    events,
    groups,
    filters: new FilterCatalogue(context),
    reader: new EventReader(context, events, { groups, names }),
    tail: new LiveTail(context, events, names),
    put: (at) => putEvents(context, parts, at),
    reconcilers: [
      defaultsReconciler(context, index, metrics),
      retentionReconciler(context, events),
      remainsReconciler(context, events),
    ],
    close() {
      index.close()
      names.close()
    },
  }
}
