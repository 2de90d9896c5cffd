import type { Operation } from '../../../wire/service.ts'
import { pageWith } from '../paging.ts'
import { subscriptionRow } from '../topic-view.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const listSubscriptions: Operation<SnsOperations, 'ListSubscriptions', SnsDeps> = {
  accepts: { NextToken: true },
  async handle(input, request, deps) {
    const all = await deps.topics.subscriptions.list(request.scope)
    const { items, next } = pageWith(all, input.NextToken)
    return { Subscriptions: items.map(subscriptionRow), ...next }
  },
}
