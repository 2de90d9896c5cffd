import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs'
import { checkGroupName, checkStreamName } from '../../../logs/group-catalogue.ts'
import { unfit } from '../../../logs/refusal.ts'
import type { Operation } from '../../../wire/service.ts'
import { checkTime } from '../event-time.ts'
import { sequenceToken } from '../sequence-token.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

const eventsMax = 10_000

export const putLogEvents: Operation<LogsOperations, 'PutLogEvents', LogsServiceDeps> = {
  accepts: {
    logGroupName: true,
    logStreamName: true,
    logEvents: { timestamp: true, message: true },
    sequenceToken: true,
    entity: true,
  },
  async handle(input, { scope }, { logs }) {
    const { logGroupName: groupName = '', logStreamName: streamName = '', logEvents = [] } = input
    checkGroupName(groupName)
    checkStreamName(streamName)
    checkEvents(logEvents)
    const events = logEvents.map(({ timestamp = 0, message = '' }) => ({
      at: Math.floor(timestamp),
      message,
    }))
    const rejected = await logs.put({ scope, groupName, streamName, events })
    const { tooNewStart, tooOldEnd, expiredEnd } = rejected ?? {}
    return {
      nextSequenceToken: sequenceToken(logs.context.clock.now()),
      // Its own way to say that events are taken, and what they are said to be about is not.
      ...(input.entity && { rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' } }),
      ...(rejected && {
        rejectedLogEventsInfo: {
          ...(tooNewStart === undefined ? {} : { tooNewLogEventStartIndex: tooNewStart }),
          ...(tooOldEnd === undefined ? {} : { tooOldLogEventEndIndex: tooOldEnd }),
          ...(expiredEnd === undefined ? {} : { expiredLogEventEndIndex: expiredEnd }),
        },
      }),
    }
  },
}

function checkEvents(events: readonly InputLogEvent[]): void {
  if (events.length === 0) {
    throw unfit('logEvents', '[]', 'Member must have length greater than or equal to 1')
  }
  if (events.length > eventsMax) {
    throw unfit(
      'logEvents',
      `[${events.length} events]`,
      `Member must have length less than or equal to ${eventsMax}`,
    )
  }
  for (const [index, { timestamp, message }] of events.entries()) {
    const member = `logEvents.${index + 1}.member`
    checkTime(`${member}.timestamp`, timestamp)
    if (message === '') {
      throw unfit(`${member}.message`, '', 'Member must have length greater than or equal to 1')
    }
  }
}
