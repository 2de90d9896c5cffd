import { logStreamArn, type LogGroup, type LogStream } from '../../../logs/log-group.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { sealToken } from '../../../kernel/page.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import { groupOf } from '../identify.ts'
import { afterOf, limitOf, pageWith, type NextToken, type PageAsked } from '../paging.ts'
import { sequenceToken } from '../sequence-token.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

const most = 50

interface StreamsPage {
  readonly items: readonly LogStream[]
  readonly next: NextToken
}

export const describeLogStreams: Operation<LogsOperations, 'DescribeLogStreams', LogsServiceDeps> =
  {
    accepts: {
      logGroupName: true,
      logGroupIdentifier: true,
      logStreamNamePrefix: true,
      orderBy: is('LogStreamName', 'LastEventTime'),
      descending: true,
      nextToken: true,
      limit: true,
    },
    async handle(input, { scope }, deps) {
      const group = await groupOf(deps, scope, input)
      const { orderBy, logStreamNamePrefix: prefix, descending = false } = input
      if (orderBy === 'LastEventTime' && prefix !== undefined) {
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
      }
      const asked = { ...input, prefix, isDescending: descending }
      const { items, next } =
        orderBy === 'LastEventTime'
          ? await byTime(deps, scope, group, asked)
          : await byName(deps, scope, group, asked)
      const summaries = await deps.logs.events.summaries(items.map(({ id }) => id))
      const logStreams = items.map(({ id, name, createdAt }) => {
        const summary = summaries.get(id)
        return {
          logStreamName: name,
          creationTime: createdAt,
          ...(summary?.firstAt === undefined ? {} : { firstEventTimestamp: summary.firstAt }),
          ...(summary === undefined
            ? {}
            : { lastEventTimestamp: summary.lastAt, lastIngestionTime: summary.ingestedAt }),
          uploadSequenceToken: sequenceToken(summary?.ingestedAt ?? createdAt),
          arn: logStreamArn(scope, group.name, name),
          storedBytes: 0,
        }
      })
      return { logStreams, ...next }
    },
  }

type Asked = PageAsked & { readonly prefix?: string | undefined; readonly isDescending: boolean }

async function byName(
  { logs }: LogsServiceDeps,
  scope: Scope,
  group: LogGroup,
  asked: Asked,
): Promise<StreamsPage> {
  const prefix = asked.prefix === undefined ? {} : { prefix: asked.prefix }
  if (asked.isDescending) {
    const all = await logs.groups.listStreams(scope, group, prefix)
    return pageWith(all.toReversed(), ({ name }) => name, { ...asked, most })
  }
  const itemsMax = limitOf(asked.limit, most)
  const after = afterOf(asked)
  const found = await logs.groups.listStreams(scope, group, {
    ...prefix,
    ...(after === undefined ? {} : { after }),
    itemsMax: itemsMax + 1,
  })
  const items = found.slice(0, itemsMax)
  const last = items.at(-1)
  const hasMore = found.length > itemsMax && last !== undefined
  return { items, next: hasMore ? { nextToken: sealToken(last.name) } : {} }
}

/** A stream without events comes before all others. */
async function byTime(
  { logs }: LogsServiceDeps,
  scope: Scope,
  group: LogGroup,
  asked: Asked,
): Promise<StreamsPage> {
  const newest = await logs.events.newest(group.id)
  const keyOf = ({ id, name }: LogStream): string =>
    `${`${newest.get(id) ?? 0}`.padStart(20, '0')}/${name}`
  const sorted = (await logs.groups.listStreams(scope, group)).toSorted((a, b) =>
    keyOf(a) < keyOf(b) ? -1 : 1,
  )
  const ordered = asked.isDescending ? sorted.toReversed() : sorted
  return pageWith(ordered, keyOf, { ...asked, most })
}
