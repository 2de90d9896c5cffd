import type { StartLiveTailResponseStream } from '@aws-sdk/client-cloudwatch-logs'
import type { Scope } from '../../../kernel/scope.ts'
import { reasonOf } from '../../../kernel/errors.ts'
import type { Log } from '../../../kernel/ports.ts'
import { uuid } from '../../../kernel/random.ts'
import { readPattern } from '../../../logs/filter-catalogue.ts'
import type { TailUpdate } from '../../../logs/live-tail.ts'
import { logGroupArn } from '../../../logs/log-group.ts'
import { unfit } from '../../../logs/refusal.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid, sessionBroken, sessionTimedOut } from '../errors.ts'
import { groupOf } from '../identify.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

type Input = LogsOperations['StartLiveTail'][0]

const groupsMax = 10

export const startLiveTail: Operation<LogsOperations, 'StartLiveTail', LogsServiceDeps> = {
  accepts: {
    logGroupIdentifiers: true,
    logStreamNames: true,
    logStreamNamePrefixes: true,
    logEventFilterPattern: true,
  },
  async handle(input, { id: requestId, scope, signal }, deps) {
    const { logGroupIdentifiers: identifiers = [], logEventFilterPattern = '' } = input
    checkInput(input)
    const pattern = readPattern(logEventFilterPattern)
    const groups = await Promise.all(
      identifiers.map((logGroupIdentifier) => groupOf(deps, scope, { logGroupIdentifier })),
    )
    const takesStream = takerOf(input)
    const updates = await deps.logs.tail.open(scope, { groups, takesStream, pattern }, signal)
    const sessionStart = {
      requestId,
      sessionId: uuid(deps.logs.context.random),
      logGroupIdentifiers: identifiers,
      logStreamNames: input.logStreamNames ?? [],
      logStreamNamePrefixes: input.logStreamNamePrefixes ?? [],
      logEventFilterPattern,
    }
    const { log } = deps.logs.context
    return { responseStream: eventsOf(scope, updates, { sessionStart, signal, log }) }
  },
}

async function* eventsOf(
  scope: Scope,
  updates: AsyncIterable<TailUpdate>,
  session: {
    readonly sessionStart: StartLiveTailResponseStream.SessionStartMember['sessionStart']
    readonly signal: AbortSignal
    readonly log: Log
  },
): AsyncGenerator<StartLiveTailResponseStream> {
  yield { sessionStart: session.sessionStart }
  for await (const { events, isSampled } of unbroken(updates, session.log)) {
    const sessionResults = events.map(({ groupName, streamName, event }) => ({
      logStreamName: streamName,
      logGroupIdentifier: logGroupArn(scope, groupName),
      message: event.message,
      timestamp: event.at,
      ingestionTime: event.ingestedAt,
    }))
    yield { sessionUpdate: { sessionMetadata: { sampled: isSampled }, sessionResults } }
  }
  if (!session.signal.aborted) throw sessionTimedOut()
}

/** The model has an exception for whatever goes wrong here. */
async function* unbroken(updates: AsyncIterable<TailUpdate>, log: Log): AsyncGenerator<TailUpdate> {
  try {
    yield* updates
  } catch (thrown) {
    log.write('warn', 'a live tail session broke', { reason: reasonOf(thrown) })
    throw sessionBroken()
  }
}

function takerOf(input: Input): ((name: string) => boolean) | undefined {
  const { logStreamNames: names, logStreamNamePrefixes: prefixes } = input
  if (names?.length) return (name) => names.includes(name)
  if (prefixes?.length) return (name) => prefixes.some((prefix) => name.startsWith(prefix))
  return undefined
}

function checkInput(input: Input): void {
  const { logGroupIdentifiers: groups = [], logStreamNames, logStreamNamePrefixes } = input
  if (groups.length < 1 || groups.length > groupsMax) {
    const bound =
      groups.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${groupsMax}`
    throw unfit('logGroupIdentifiers', `[${groups.join(', ')}]`, `Member must have length ${bound}`)
  }
  if (groups.some((identifier) => identifier.endsWith('*') || !identifier.startsWith('arn:'))) {
    throw invalid('Log group identifiers must be ARNs that do not end with an asterisk.')
  }
  if (logStreamNames?.length && logStreamNamePrefixes?.length) {
    throw invalid('logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.')
  }
  const choosesStreams = Boolean(logStreamNames?.length || logStreamNamePrefixes?.length)
  if (choosesStreams && groups.length > 1) {
    throw invalid('Log streams can be chosen only when exactly one log group is given.')
  }
}
