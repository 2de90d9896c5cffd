import { eventsMax } from '../../../logs/event-reader.ts'
import { checkStreamName } from '../../../logs/group-catalogue.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { checkTime } from '../event-time.ts'
import { groupOf } from '../identify.ts'
import { limitOf } from '../paging.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const getLogEvents: Operation<LogsOperations, 'GetLogEvents', LogsServiceDeps> = {
  accepts: {
    logGroupName: true,
    logGroupIdentifier: true,
    logStreamName: true,
    startTime: true,
    endTime: true,
    nextToken: true,
    limit: true,
    startFromHead: true,
    unmask: is(false),
  },
  async handle(input, { scope }, deps) {
    const { logStreamName: streamName = '', startTime, endTime, nextToken } = input
    checkStreamName(streamName)
    checkTime('startTime', startTime)
    checkTime('endTime', endTime)
    const page = await deps.logs.reader.stream(scope, {
      group: await groupOf(deps, scope, input),
      streamName,
      from: startTime,
      until: endTime,
      token: nextToken,
      fromHead: input.startFromHead ?? false,
      eventsMax: limitOf(input.limit, eventsMax),
    })
    return {
      events: page.events.map(({ at, message, ingestedAt }) => ({
        timestamp: at,
        message,
        ingestionTime: ingestedAt,
      })),
      nextForwardToken: page.forward,
      nextBackwardToken: page.backward,
    }
  },
}
