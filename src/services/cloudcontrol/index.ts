import { serviceOf, type OperationDefinition, type Service } from '../../wire/service.ts'
import type { CloudControlDeps } from './cloudcontrol-operation.ts'
import { answerOf, unsupportedMember } from './errors.ts'
import { cancelResourceRequest } from './operations/cancel-resource-request.ts'
import { createResource } from './operations/create-resource.ts'
import { deleteResource } from './operations/delete-resource.ts'
import { getResourceRequestStatus } from './operations/get-resource-request-status.ts'
import { getResource } from './operations/get-resource.ts'
import { listResourceRequests } from './operations/list-resource-requests.ts'
import { listResources } from './operations/list-resources.ts'
import { updateResource } from './operations/update-resource.ts'

/** Cloud Control API. */
export function cloudcontrolService(deps: CloudControlDeps): Service {
  return serviceOf(deps, {
    id: 'cloudcontrol',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    operations: {
      CancelResourceRequest: answered(cancelResourceRequest),
      CreateResource: answered(createResource),
      DeleteResource: answered(deleteResource),
      GetResource: answered(getResource),
      GetResourceRequestStatus: answered(getResourceRequestStatus),
      ListResourceRequests: answered(listResourceRequests),
      ListResources: answered(listResources),
      UpdateResource: answered(updateResource),
    },
  })
}

/** The operation with the engine's refusals turned into Cloud Control's errors. */
function answered<Input, Output>(
  operation: OperationDefinition<Input, Output, CloudControlDeps>,
): OperationDefinition<Input, Output, CloudControlDeps> {
  return {
    accepts: operation.accepts,
    async handle(input, request, deps) {
      try {
        return await operation.handle(input, request, deps)
      } catch (thrown) {
        throw answerOf(thrown)
      }
    },
  }
}
