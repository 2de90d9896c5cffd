import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { progressView } from '../progress-view.ts'
import { checkedToken } from '../request-members.ts'

export const getResourceRequestStatus: CloudControlOperation<'GetResourceRequestStatus'> = {
  accepts: { RequestToken: true },
  async handle({ RequestToken }, { scope }, { stacks }) {
    const token = checkedToken('requestToken', RequestToken)
    return { ProgressEvent: progressView(await stacks.requests.find(scope, token)) }
  },
}
