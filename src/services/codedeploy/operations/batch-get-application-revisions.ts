import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { revisionId, revisions } from '../../../deploy/revision.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import {
  acceptsRevision,
  openRevision,
  viewGenericRevision,
  viewRevision,
} from '../revision-location.ts'

export const batchGetApplicationRevisions: CodeDeployOperation<'BatchGetApplicationRevisions'> = {
  accepts: { applicationName: true, revisions: acceptsRevision },
  async handle(input, request, deps) {
    const application = await findApplication(deps, request.scope, input.applicationName)
    const found = []
    for (const wanted of names.batch(input.revisions, 25, errors.revisionRequired())) {
      const id = revisionId(application.id, openRevision(wanted))
      const record = await deps.deploy.store.find(revisions, request.scope, id)
      if (!record) continue
      found.push({
        revisionLocation: viewRevision(record.value.location),
        genericRevisionInfo: viewGenericRevision(record.value),
      })
    }
    return {
      applicationName: application.id,
      ...(found.length < (input.revisions ?? []).length && {
        errorMessage: 'Some of the revisions are not registered with the application',
      }),
      revisions: found,
    }
  },
}
