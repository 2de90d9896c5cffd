import type { ResourceRequest } from '../../../stacks/request-records.ts'
import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { onePage } from '../paging.ts'
import { progressView } from '../progress-view.ts'

/** The newest first. */
export const listResourceRequests: CloudControlOperation<'ListResourceRequests'> = {
  accepts: {
    NextToken: true,
    MaxResults: true,
    ResourceRequestStatusFilter: { Operations: true, OperationStatuses: true },
  },
  async handle(input, { scope }, { stacks }) {
    const { Operations, OperationStatuses } = input.ResourceRequestStatusFilter ?? {}
    const asked = (await stacks.requests.list(scope)).filter(
      ({ operation, status }) =>
        (!Operations || Operations.includes(operation)) &&
        (!OperationStatuses || OperationStatuses.includes(status)),
    )
    const sorted = asked
      .map((request) => ({ request, key: newestFirst(request) }))
      .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    const { items, token } = onePage(sorted, ({ key }) => key, input)
    return {
      ResourceRequestStatusSummaries: items.map(({ request }) => progressView(request)),
      ...token,
    }
  },
}

/** Beyond any moment in milliseconds. */
const farFuture = 10 ** 15

function newestFirst({ beganAt, token }: ResourceRequest): string {
  return `${String(farFuture - beganAt).padStart(16, '0')} ${token}`
}
