import type { Scope } from '../kernel/scope.ts'
import { modify, type Store } from '../store/records.ts'
import type { DeploymentWait } from './blue-green.ts'
import { deployments, isFinished, type Deployment } from './deployment.ts'

export type ContinueOutcome = 'continued' | 'not-ready' | 'in-place' | 'finished' | 'unknown'

/** ContinueDeployment: ends the wait that the deployment is in, if it is the one that is named. Twice is once. */
export async function continueDeployment(
  store: Store,
  scope: Scope,
  at: { readonly deploymentId: string; readonly wait: DeploymentWait },
): Promise<ContinueOutcome> {
  let outcome: ContinueOutcome = 'unknown'
  await modify(store, { kind: deployments, scope, id: at.deploymentId }, (deployment) => {
    outcome = outcomeFor(deployment, at.wait)
    const { blueGreen } = deployment
    if (outcome !== 'continued' || !blueGreen || blueGreen.continued.includes(at.wait)) {
      return undefined
    }
    return {
      ...deployment,
      blueGreen: { ...blueGreen, continued: [...blueGreen.continued, at.wait] },
    }
  })
  return outcome
}

function outcomeFor(deployment: Deployment, wait: DeploymentWait): ContinueOutcome {
  if (!deployment.blueGreen) return 'in-place'
  if (isFinished(deployment.status)) return 'finished'
  const phase = wait === 'READY_WAIT' ? 'ready' : 'terminationWait'
  return deployment.blueGreen.phase === phase && deployment.status === 'Ready'
    ? 'continued'
    : 'not-ready'
}
