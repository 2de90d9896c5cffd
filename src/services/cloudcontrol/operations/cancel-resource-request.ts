import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { progressView } from '../progress-view.ts'
import { checkedToken } from '../request-members.ts'

/** What was made until then stays. */
export const cancelResourceRequest: CloudControlOperation<'CancelResourceRequest'> = {
  accepts: { RequestToken: true },
  async handle({ RequestToken }, { scope }, { stacks }) {
    const token = checkedToken('requestToken', RequestToken)
    return { ProgressEvent: progressView(await stacks.requests.cancel(scope, token)) }
  },
}
