import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { applications } from '../../../deploy/application.ts'
import { deploymentGroups } from '../../../deploy/deployment-group.ts'
import { renameGroup } from '../../../deploy/rename-group.ts'
import { revisionId, revisions } from '../../../deploy/revision.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'

export const updateApplication: CodeDeployOperation<'UpdateApplication'> = {
  accepts: { applicationName: true, newApplicationName: true },
  async handle(input, request, deps) {
    const { scope } = request
    const record = await findApplication(deps, scope, input.applicationName)
    const applicationName = names.applicationName(input.newApplicationName)
    if (applicationName === record.id) return {}
    await deps.deploy.store.transaction(async (records) => {
      if (await records.find(applications, scope, applicationName)) {
        throw errors.applicationAlreadyExists(applicationName)
      }
      await records.remove(record)
      const application = { ...record.value, applicationName }
      await records.insert(applications, { scope, id: applicationName }, application)
      const owner = { owner: record.id }
      for (const group of await records.list(deploymentGroups, scope, owner)) {
        await renameGroup(records, group, { ...group.value, applicationName })
      }
      for (const revision of await records.list(revisions, scope, owner)) {
        await records.remove(revision)
        const value = { ...revision.value, applicationName }
        const id = revisionId(applicationName, value.location)
        await records.insert(revisions, { scope, id, owner: applicationName }, value)
      }
    })
    return {}
  },
}
