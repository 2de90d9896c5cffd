import { serviceOf, type Service } from '../../wire/service.ts'
import type { CloudControlDeps } from './cloudcontrol-operation.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
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
    asAwsError,
    operations: {
      CancelResourceRequest: cancelResourceRequest,
      CreateResource: createResource,
      DeleteResource: deleteResource,
      GetResource: getResource,
      GetResourceRequestStatus: getResourceRequestStatus,
      ListResourceRequests: listResourceRequests,
      ListResources: listResources,
      UpdateResource: updateResource,
    },
  })
}
