import type { DeploymentWait } from './blue-green.ts'
import { continueDeployment, type ContinueOutcome } from './continue-deployment.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { modify, type Store } from '../store/records.ts'
import { chooseTargets } from './choose-targets.ts'
import { deployments, isFinished, type Deployment, type DeploymentError } from './deployment.ts'
import { deploymentsReconciler } from './deployments-reconciler.ts'
import type { DeployPorts, DeployWorld } from './deploy-world.ts'
import { envelopesOf } from './specification-envelopes.ts'
import { eventLogs } from './host-command.ts'
import { hostHearing } from './heard-hosts.ts'
import type { OnPremisesInstance } from './on-premises.ts'
import { hostCommandQueue, type HostCommands } from './host-commands.ts'
import { launchSubscriber } from './launch-subscriber.ts'
import { previewDeployment, type DeploymentPreview } from './preview-deployment.ts'
import { registrations, type Registered } from './register-on-premises.ts'
import { triggersReconciler } from './triggers-reconciler.ts'
import { defaultLimits } from './plan-target.ts'
import { watchedRecords } from './watched-records.ts'
import {
  newDeployment,
  startDeployment,
  type StartOutcome,
  type StartRequest,
} from './start-deployment.ts'

/** What the faces call. Applications, groups, configurations and revisions are plain records, read and written through `store`. */
export interface Deploy {
  readonly store: Store
  readonly context: EngineContext
  readonly targets: DeployPorts['targets']
  readonly groups: DeployPorts['groups']
  readonly alarms: DeployPorts['alarms']
  readonly hostCommands: HostCommands
  /** Says that the endpoint has just turned connections away: whoever is silent meanwhile may have tried to speak. */
  turnedAway(): void
  registerOnPremises(scope: Scope, instance: OnPremisesInstance): Promise<Registered>
  /** Whether there are topics that triggers can tell. */
  readonly tellsTopics: boolean
  readonly reconcilers: readonly Reconciler[]
  start(scope: Scope, request: StartRequest): Promise<StartOutcome>
  /** What `start` with the same request would do now, were all hosts to succeed; or why it would do nothing. Touches nothing. */
  preview(
    scope: Scope,
    request: StartRequest,
  ): Promise<DeploymentPreview | { readonly error: DeploymentError }>
  /** Hands out no more commands; what runs is waited for. `finished` when it is over already. */
  stop(
    scope: Scope,
    deploymentId: string,
    rollback: boolean | undefined,
  ): Promise<'pending' | 'finished' | 'unknown'>
  /** Ends a wait of a blue/green deployment. */
  continue(scope: Scope, deploymentId: string, wait: DeploymentWait): Promise<ContinueOutcome>
  /** The deployment's specification, `PKCS7/JSON`. */
  signedSpecification(deployment: Deployment): Promise<string>
  /** What the hooks of a deployment wrote, by command: `<deployment>/<instance>/<event>`. */
  logs(
    scope: Scope,
    deploymentId: string,
  ): Promise<readonly { readonly id: string; readonly text: string }[]>
}

/** The engine of CodeDeploy. Subscribes to launches of Auto Scaling groups. */
export function createDeploy(context: EngineContext, ports: DeployPorts): Deploy {
  const world: DeployWorld = {
    ...ports,
    context,
    limits: { ...defaultLimits, ...ports.limits },
    watchedSince: context.clock.now(),
    watched: watchedRecords(context),
    hearing: hostHearing(context),
    turnedAway: { at: Number.NEGATIVE_INFINITY },
  }
  const { store } = context
  ports.groups.subscribe(launchSubscriber(world))
  return {
    store,
    context,
    targets: ports.targets,
    groups: ports.groups,
    alarms: ports.alarms,
    hostCommands: hostCommandQueue(world),
    turnedAway: () => void (world.turnedAway.at = context.clock.now()),
    registerOnPremises: registrations(store),
    tellsTopics: ports.notify !== undefined,
    reconcilers: [
      deploymentsReconciler(world),
      ...(ports.notify ? [triggersReconciler(world, ports.notify)] : []),
    ],
    start: (scope, request) => startDeployment(world, scope, request),
    async preview(scope, request) {
      const deployment = newDeployment(world, request)
      const chosen = await chooseTargets(world, scope, deployment)
      if ('error' in chosen) return chosen
      const installed = chosen.targets.filter((target) => target.label !== 'Blue')
      return previewDeployment({ ...deployment, isStopping: false }, installed)
    },
    async stop(scope, deploymentId, rollback) {
      const at = { kind: deployments, scope, id: deploymentId }
      let wasFinished = false
      const record = await modify(store, at, (deployment) => {
        wasFinished = isFinished(deployment.status)
        if (wasFinished || deployment.stopRequested) return undefined
        return {
          ...deployment,
          stopRequested: rollback === undefined ? {} : { rollback },
        }
      })
      if (!record) return 'unknown'
      return wasFinished ? 'finished' : 'pending'
    },
    continue: (scope, deploymentId, wait) =>
      continueDeployment(store, scope, { deploymentId, wait }),
    signedSpecification: envelopesOf(world),
    async logs(scope, deploymentId) {
      const records = await store.list(eventLogs, scope, { owner: deploymentId })
      return records.map((record) => ({ id: record.id, text: record.value.text }))
    },
  }
}
