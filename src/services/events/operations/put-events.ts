import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import { putEntry } from '../put-entry.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

/** AWS's bounds of a call. */
const entriesMax = 10
const bytesMax = 1_048_576

export const putEvents: Operation<EventsOperations, 'PutEvents', EventsDeps> = {
  accepts: {
    Entries: {
      Time: true,
      Source: true,
      Resources: true,
      DetailType: true,
      Detail: true,
      EventBusName: true,
    },
  },
  /** Each entry for itself: one that is refused does not keep the others back. */
  async handle(input, request, deps) {
    const entries = input.Entries ?? []
    if (entries.length < 1 || entries.length > entriesMax) {
      const bound = entries.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 10'
      throw invalid(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
      )
    }
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0)
    if (bytes > bytesMax)
      throw invalid('Total size of the entries in the request is over the limit.')
    const Entries = await Promise.all(entries.map((entry) => putEntry(deps, request.scope, entry)))
    const FailedEntryCount = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length
    return { FailedEntryCount, Entries }
  },
}
