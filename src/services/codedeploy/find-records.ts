import { applications, type Application } from '../../deploy/application.ts'
import { deployments, type Deployment } from '../../deploy/deployment.ts'
import { deploymentGroups, groupKey, type DeploymentGroup } from '../../deploy/deployment-group.ts'
import type { Scope } from '../../kernel/scope.ts'
import { pageOf, type Page } from '../../kernel/page.ts'
import type { StoredRecord } from '../../store/records.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'
import * as names from './name-rules.ts'

/** The application, or its `DoesNotExist` error. */
export async function findApplication(
  deps: CodeDeployDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<Application>> {
  const id = names.applicationName(name)
  const record = await deps.deploy.store.find(applications, scope, id)
  if (!record) throw errors.applicationDoesNotExist(id)
  return record
}

export async function findGroup(
  deps: CodeDeployDeps,
  scope: Scope,
  at: { readonly application: string | undefined; readonly group: string | undefined },
): Promise<StoredRecord<DeploymentGroup>> {
  const application = await findApplication(deps, scope, at.application)
  const name = names.deploymentGroupName(at.group)
  const record = await deps.deploy.store.find(
    deploymentGroups,
    scope,
    groupKey(application.id, name),
  )
  if (!record) throw errors.deploymentGroupDoesNotExist(name)
  return record
}

export async function findDeployment(
  deps: CodeDeployDeps,
  scope: Scope,
  id: string | undefined,
): Promise<Deployment> {
  const known = names.deploymentId(id)
  const record = await deps.deploy.store.find(deployments, scope, known)
  if (!record) throw errors.deploymentDoesNotExist(known)
  return record.value
}

/** Lists give a hundred at a time. */
const pageMax = 100

export function pageByKey<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  nextToken: string | undefined,
): Page<T> {
  const page = pageOf(sorted, keyOf, { nextToken, itemsMax: pageMax })
  if (!page) throw errors.invalidNextToken()
  return page
}
