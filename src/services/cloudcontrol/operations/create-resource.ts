import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { progressView } from '../progress-view.ts'
import { checkedClientToken, checkedDocument, checkedType } from '../request-members.ts'

export const createResource: CloudControlOperation<'CreateResource'> = {
  accepts: { TypeName: true, DesiredState: true, ClientToken: true },
  async handle({ TypeName, DesiredState, ClientToken }, { scope }, { stacks }) {
    const request = await stacks.requests.create(scope, {
      typeName: checkedType(TypeName),
      clientToken: checkedClientToken(ClientToken),
      desiredState: checkedDocument('desiredState', DesiredState),
    })
    return { ProgressEvent: progressView(request) }
  },
}
