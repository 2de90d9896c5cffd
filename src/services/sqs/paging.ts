import { pageOf, type Page } from '../../kernel/page.ts'
import type { Queue } from '../../queue/queue.ts'
import { invalidParameter } from './errors.ts'

const pageMax = 1000

/** Without MaxResults there is no token, and all that fit in one page. */
export function pageOfQueues(
  queues: readonly Queue[],
  { NextToken, MaxResults }: { NextToken?: string | undefined; MaxResults?: number | undefined },
): Page<Queue> {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > pageMax)) {
    throw invalidParameter(
      `Value ${MaxResults} for parameter MaxResults is invalid. Reason: Must be between 1 and ${pageMax}.`,
    )
  }
  const page = pageOf(queues, ({ name }) => name, {
    nextToken: NextToken,
    itemsMax: MaxResults ?? pageMax,
  })
  if (!page) throw invalidParameter('Invalid or expired next token.')
  return MaxResults === undefined && NextToken === undefined
    ? { items: page.items, nextToken: undefined }
    : page
}
