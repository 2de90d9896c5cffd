import type { Deploy } from '../deploy/create-deploy.ts'
import { deploymentGroups, groupKey } from '../deploy/deployment-group.ts'
import { eventNames, greenEvents } from '../deploy/domain/lifecycle-events.ts'
import { findConfig } from '../deploy/find-config.ts'
import type { DeploymentPreview } from '../deploy/preview-deployment.ts'
import type { Scope } from '../kernel/scope.ts'

/** What `evenkeel deploy --plan` prints. */
export interface DeploymentPlanView extends DeploymentPreview {
  readonly config: string
  /** Of each host, in order. */
  readonly events: readonly string[]
}

/** What a deployment of a new revision would do now. Touches nothing. */
export async function deploymentPlan(
  deploy: Deploy,
  scope: Scope,
  at: { readonly application: string; readonly group: string; readonly config: string | undefined },
): Promise<DeploymentPlanView | { readonly error: { code: string; message: string } }> {
  const id = groupKey(at.application, at.group)
  const group = (await deploy.store.find(deploymentGroups, scope, id))?.value
  const name = at.config ?? group?.deploymentConfigName ?? ''
  const config = await findConfig(deploy.store, scope, name)
  if (!group) return missing(`no deployment group ${at.application}/${at.group}`)
  if (!config) return missing(`no deployment configuration ${name}`)
  // A revision that nobody has: all hosts are to be given it.
  const revision = { bucket: '', key: '', bundleType: 'tgz' } as const
  const preview = await deploy.preview(scope, { group, config, revision, creator: 'user' })
  if ('error' in preview) return { error: { ...preview.error } }
  const events = group.blueGreen ? greenEvents : eventNames(group.withTrafficControl)
  return { ...preview, config: name, events }
}

function missing(message: string): { readonly error: { code: string; message: string } } {
  return { error: { code: 'DoesNotExist', message } }
}
