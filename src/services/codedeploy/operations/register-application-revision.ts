import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { RecordExists } from '../../../store/records.ts'
import { revisionId, revisions } from '../../../deploy/revision.ts'
import * as errors from '../errors.ts'
import { acceptsRevision, openRevision } from '../revision-location.ts'

export const registerApplicationRevision: CodeDeployOperation<'RegisterApplicationRevision'> = {
  accepts: { applicationName: true, description: true, revision: acceptsRevision },
  async handle(input, request, deps) {
    const { scope } = request
    const application = await findApplication(deps, scope, input.applicationName)
    const { description } = input
    if (description !== undefined && description.length > 256) throw errors.descriptionTooLong()
    const location = openRevision(input.revision)
    const { store, context } = deps.deploy
    const id = revisionId(application.id, location)
    const described = description === undefined ? {} : { description }
    const registerTime = context.clock.now()
    try {
      await store.insert(
        revisions,
        { scope, id, owner: application.id },
        {
          applicationName: application.id,
          location,
          registerTime,
          deploymentGroups: [],
          ...described,
        },
      )
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
      const known = await store.find(revisions, scope, id)
      if (known) await store.update(known, { ...known.value, registerTime, ...described })
    }
    return {}
  },
}
