import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { progressView } from '../progress-view.ts'
import { checkedClientToken, checkedIdentifier, checkedType } from '../request-members.ts'

export const deleteResource: CloudControlOperation<'DeleteResource'> = {
  accepts: { TypeName: true, Identifier: true, ClientToken: true },
  async handle({ TypeName, Identifier, ClientToken }, { scope }, { stacks }) {
    const request = await stacks.requests.remove(scope, {
      typeName: checkedType(TypeName),
      identifier: checkedIdentifier(Identifier),
      clientToken: checkedClientToken(ClientToken),
    })
    return { ProgressEvent: progressView(request) }
  },
}
