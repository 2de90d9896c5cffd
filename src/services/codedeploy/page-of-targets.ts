import {
  deploymentTargets,
  targetKey,
  type DeploymentTarget,
} from '../../deploy/deployment-target.ts'
import { openToken, sealToken, type Page } from '../../kernel/page.ts'
import type { Scope } from '../../kernel/scope.ts'
import { listInPages } from '../../store/list-in-pages.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'

export interface TargetFilter {
  readonly statuses: readonly string[] | undefined
  readonly labels: readonly string[] | undefined
}

/** Both lists of a deployment's hosts give a hundred at a time. */
const itemsMax = 100

/** The next targets of a deployment that the filter lets through, by id: read from the store no further than the page goes. */
export async function pageOfTargets(
  deps: CodeDeployDeps,
  scope: Scope,
  of: {
    readonly deploymentId: string
    readonly filter: TargetFilter
    readonly nextToken: string | undefined
  },
): Promise<Page<DeploymentTarget>> {
  const idAfter = of.nextToken === undefined ? undefined : openToken(of.nextToken)
  if (of.nextToken !== undefined && idAfter === undefined) throw errors.invalidNextToken()
  const { statuses, labels } = of.filter
  const items: DeploymentTarget[] = []
  let lastId = ''
  const pages = listInPages(deps.deploy.store, {
    kind: deploymentTargets,
    scope,
    idPrefix: targetKey(of.deploymentId, ''),
    ...(idAfter !== undefined && { idAfter }),
  })
  for await (const page of pages) {
    for (const { id, value } of page) {
      const isWanted =
        (!statuses?.length || statuses.includes(value.status)) &&
        (!labels?.length || labels.includes(value.label ?? ''))
      if (!isWanted) continue
      if (items.length === itemsMax) return { items, nextToken: sealToken(lastId) }
      items.push(value)
      lastId = id
    }
  }
  return { items, nextToken: undefined }
}
