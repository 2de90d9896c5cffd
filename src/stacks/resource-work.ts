import type { Clock } from '../kernel/clock.ts'
import { DriverError } from '../kernel/errors.ts'
import { present } from '../kernel/assert.ts'
import type { Scope } from '../kernel/scope.ts'
import { Cancellation } from './cancellation.ts'
import { handlerFailure, type HandlerFailure } from './handler-failure.ts'
import { resourceContext } from './resource-context.ts'
import type { ParameterLookups } from './parameter-lookups.ts'
import type { ResourceContext, ResourceState, ResourceType } from './resource-type.ts'
import type { SignalSource } from './signals.ts'
import { StackJournal, type EventDraft } from './stack-journal.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'
import type { ResourceStatus } from './stack-status.ts'

/** What the work on a stack's resources is done with. */
export interface WorkContext {
  readonly clock: Clock
  readonly scope: Scope
  readonly journal: StackJournal
  readonly typeOf: (name: string) => ResourceType | undefined
  readonly signals: SignalSource
  /** What dynamic references stand for; see `ParameterLookups.dynamic`. */
  readonly dynamic?: ParameterLookups['dynamic']
  /** Aborted when this server stops: the work is left as it is, and carried on by the next one. */
  readonly stopping: AbortSignal
}

/** The server stops: nothing is recorded, the next one carries on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** A refusal of the world that may pass is tried this often, with pauses that double from the first. */
const triesMax = 5
const retryFirstMilliseconds = 200

export type Settled<State = ResourceState> =
  | { readonly ok: true; readonly state: State }
  | { readonly ok: false; readonly reason: string; readonly failure?: HandlerFailure }

/** Calls a type's operation, tries again what may pass, and turns what it throws into a reason. */
export async function settle<State = ResourceState>(
  work: Pick<WorkContext, 'clock' | 'stopping'>,
  cancellation: Cancellation,
  call: () => Promise<State>,
): Promise<Settled<State>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { ok: true, state: await call() }
    } catch (thrown) {
      if (work.stopping.aborted) throw new Interrupted('the server stops')
      if (cancellation.isRequested) return { ok: false, reason: cancellation.reason }
      const isPassing = thrown instanceof DriverError && thrown.retryable
      if (!isPassing || attempt >= triesMax) return { ok: false, ...handlerFailure(thrown) }
      await work.clock.sleep(retryFirstMilliseconds * 2 ** (attempt - 1), cancellation.signal)
    }
  }
}

export function resourceEvent(
  record: Pick<ResourceRecord, 'logicalId' | 'type'>,
  status: ResourceStatus,
  more: { readonly physicalId?: string | undefined; readonly reason?: string | undefined } = {},
): EventDraft {
  return {
    logicalId: record.logicalId,
    physicalId: more.physicalId ?? '',
    type: record.type,
    status,
    ...(more.reason === undefined ? {} : { reason: more.reason }),
  }
}

/** The record with one of its incarnations changed. */
export function withIncarnation(
  record: ResourceRecord,
  number: number,
  change: Partial<Incarnation>,
): ResourceRecord {
  const changed = (incarnation: Incarnation): Incarnation =>
    incarnation.number === number ? { ...incarnation, ...change } : incarnation
  return {
    ...record,
    current: changed(record.current),
    ...(record.surplus ? { surplus: changed(record.surplus) } : {}),
  }
}

/** The record without the reason of an earlier status. */
export function withStatus(
  record: ResourceRecord,
  status: ResourceStatus,
  at: number,
  reason?: string,
): ResourceRecord {
  const { statusReason: _, ...rest } = record
  return { ...rest, status, at, ...(reason === undefined ? {} : { statusReason: reason }) }
}

/** The record as it is now: `started` may have changed it since the work began. */
export function recordOf(work: WorkContext, logicalId: string): ResourceRecord {
  return present(work.journal.resource(logicalId), 'a resource that is worked on has a record')
}

export function incarnationOf(record: ResourceRecord, number: number): Incarnation {
  const found = [record.current, record.surplus, record.before].find(
    (incarnation) => incarnation?.number === number,
  )
  return present(found, 'an incarnation that is worked on is in its record')
}

export function made(state: ResourceState): Partial<Incarnation> {
  return {
    phase: 'made',
    physicalId: state.physicalId,
    attributes: state.attributes,
    ...(state.isHidden ? { isHidden: true } : {}),
    ...(state.ref === undefined ? {} : { ref: state.ref }),
  }
}

/** The context of one operation on one incarnation; the physical id is recorded as soon as the type tells it. */
export function contextOf(
  work: WorkContext,
  at: { readonly record: ResourceRecord; readonly number: number; readonly purpose: string },
  cancellation: Cancellation,
): ResourceContext {
  const { logicalId } = at.record
  return resourceContext({
    clock: work.clock,
    scope: work.scope,
    stack: work.journal.stack,
    logicalId,
    typeName: at.record.type,
    number: at.number,
    purpose: at.purpose,
    signal: AbortSignal.any([work.stopping, cancellation.signal]),
    async started(physicalId) {
      const record = recordOf(work, logicalId)
      if (incarnationOf(record, at.number).physicalId !== physicalId) {
        const verb = record.status.startsWith('UPDATE') ? 'UPDATE' : 'CREATE'
        const isDeleting = record.status.startsWith('DELETE')
        const reason = 'Resource creation Initiated'
        await work.journal.write({
          resources: [withIncarnation(record, at.number, { physicalId })],
          events: isDeleting
            ? []
            : [resourceEvent(record, `${verb}_IN_PROGRESS`, { physicalId, reason })],
        })
      }
      cancellation.arm()
    },
  })
}
