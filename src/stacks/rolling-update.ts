import { recordOf, resourceEvent, type WorkContext } from './resource-work.ts'
import type { RollingUpdate } from './resource-type.ts'
import { resourceOwner } from './signals.ts'
import type { ResourceRecord } from './stack-records.ts'

/** What a type's update under an UpdatePolicy works with; undefined when the resource has none. */
export function rollingUpdate(
  work: WorkContext,
  at: {
    readonly record: ResourceRecord
    readonly purpose: string
    readonly policy: Readonly<Record<string, unknown>> | undefined
  },
): RollingUpdate | undefined {
  const { policy, purpose } = at
  const { logicalId, generation } = at.record
  if (!policy) return undefined
  const owner = resourceOwner(work.journal.stack.uuid, logicalId, generation)
  return {
    policy,
    async signals() {
      const signals = await work.signals.list(owner)
      return new Map(signals.map(({ uniqueId, status }) => [uniqueId, status]))
    },
    async remember(first) {
      const { memo } = recordOf(work, logicalId)
      // JSON that this same function wrote under this same purpose.
      if (memo?.purpose === purpose) return memo.value as Awaited<ReturnType<typeof first>>
      const value = await first()
      const record = recordOf(work, logicalId)
      await work.journal.write({ resources: [{ ...record, memo: { purpose, value } }] })
      return value
    },
    async report(reason) {
      const record = recordOf(work, logicalId)
      const { physicalId } = record.current
      await work.journal.write({
        events: [resourceEvent(record, record.status, { physicalId, reason })],
      })
    },
  }
}
