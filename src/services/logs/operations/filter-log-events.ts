import { placeDigits } from '../../../logs/domain/event-token.ts'
import { eventsMax } from '../../../logs/event-reader.ts'
import { readPattern } from '../../../logs/filter-catalogue.ts'
import { unfit } from '../../../logs/refusal.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import { checkTime } from '../event-time.ts'
import { groupOf } from '../identify.ts'
import { limitOf } from '../paging.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

const streamsMax = 100
/** AWS reads backward no further. */
const backwardFrom = Date.UTC(2024, 0, 1)

export const filterLogEvents: Operation<LogsOperations, 'FilterLogEvents', LogsServiceDeps> = {
  accepts: {
    logGroupName: true,
    logGroupIdentifier: true,
    logStreamNames: true,
    logStreamNamePrefix: true,
    startTime: true,
    endTime: true,
    filterPattern: true,
    nextToken: true,
    limit: true,
    startFromHead: true,
    interleaved: true,
    unmask: is(false),
  },
  async handle(input, { scope }, deps) {
    checkInput(input)
    const { startTime, endTime, nextToken } = input
    const group = await groupOf(deps, scope, input)
    const { reader } = deps.logs
    const found = await reader.group({
      scope,
      group,
      streams: await reader.streamsOf(scope, group, {
        names: input.logStreamNames,
        prefix: input.logStreamNamePrefix,
      }),
      from: startTime,
      until: endTime === undefined ? undefined : endTime + 1,
      pattern: readPattern(input.filterPattern ?? ''),
      token: nextToken,
      isBackward: input.startFromHead === false,
      eventsMax: limitOf(input.limit, eventsMax),
    })
    return {
      events: found.events.map((event) => ({
        logStreamName: event.streamName,
        timestamp: event.at,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: placeDigits(event),
      })),
      searchedLogStreams: [],
      ...(found.token === undefined ? {} : { nextToken: found.token }),
    }
  },
}

function checkInput(input: LogsOperations['FilterLogEvents'][0]): void {
  const { logStreamNames: names, startTime, endTime } = input
  checkTime('startTime', startTime)
  checkTime('endTime', endTime)
  if (names !== undefined && input.logStreamNamePrefix !== undefined) {
    throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.')
  }
  if (names !== undefined && (names.length < 1 || names.length > streamsMax)) {
    const bound =
      names.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${streamsMax}`
    throw unfit('logStreamNames', `[${names.join(', ')}]`, `Member must have length ${bound}`)
  }
  if (input.startFromHead === false && startTime !== undefined && startTime < backwardFrom) {
    throw invalid('startFromHead can be false only for a startTime on or after January 1, 2024.')
  }
}
