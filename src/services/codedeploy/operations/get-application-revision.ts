import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { describeLocation, revisionId, revisions } from '../../../deploy/revision.ts'
import * as errors from '../errors.ts'
import {
  acceptsRevision,
  openRevision,
  viewGenericRevision,
  viewRevision,
} from '../revision-location.ts'

export const getApplicationRevision: CodeDeployOperation<'GetApplicationRevision'> = {
  accepts: { applicationName: true, revision: acceptsRevision },
  async handle(input, request, deps) {
    const application = await findApplication(deps, request.scope, input.applicationName)
    const location = openRevision(input.revision)
    const id = revisionId(application.id, location)
    const record = await deps.deploy.store.find(revisions, request.scope, id)
    if (!record)
      throw errors.revisionDoesNotExist(`${describeLocation(location)} is not registered`)
    return {
      applicationName: application.id,
      revision: viewRevision(record.value.location),
      revisionInfo: viewGenericRevision(record.value),
    }
  },
}
