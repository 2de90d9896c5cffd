import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { progressView } from '../progress-view.ts'
import {
  checkedClientToken,
  checkedDocument,
  checkedIdentifier,
  checkedType,
} from '../request-members.ts'

/** The patch is of the resource as it is now, read-only properties included. */
export const updateResource: CloudControlOperation<'UpdateResource'> = {
  accepts: { TypeName: true, Identifier: true, PatchDocument: true, ClientToken: true },
  async handle({ TypeName, Identifier, PatchDocument, ClientToken }, { scope }, { stacks }) {
    const request = await stacks.requests.update(scope, {
      typeName: checkedType(TypeName),
      identifier: checkedIdentifier(Identifier),
      clientToken: checkedClientToken(ClientToken),
      patchDocument: checkedDocument('patchDocument', PatchDocument),
    })
    return { ProgressEvent: progressView(request) }
  },
}
