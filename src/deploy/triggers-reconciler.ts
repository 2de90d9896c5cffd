import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { kindOf, modify } from '../store/records.ts'
import { deployments, isFinished } from './deployment.ts'
import { deploymentTargets } from './deployment-target.ts'
import type { DeployWorld, Notifier } from './deploy-world.ts'
import { triggerMessages } from './trigger-message.ts'

/** A deployment whose triggers have still to tell something, and what they have told. Id: the deployment's; written with it. */
export const tellingDeployments = kindOf<{ readonly told: readonly string[] }>('deploy/telling')

const retryMilliseconds = 5000

/**
 * Tells topics what became of deployments: compares what there is to tell with what was told. At least once: a crash between the word and its
 * record repeats the word. What passes between two rounds (an instance that was ready for a moment) is not told.
 */
export function triggersReconciler(world: DeployWorld, notify: Notifier): Reconciler {
  const { store } = world.context
  return {
    name: 'deploy/triggers',
    periodMilliseconds: 5000,
    concurrencyMax: 2,
    keys: async () =>
      (await store.listAll(tellingDeployments)).map((record) => keyOf(record.scope, record.id)),
    wakes: [
      { kind: deployments, keysOf: (change) => [keyOf(change.scope, change.id)] },
      {
        kind: deploymentTargets,
        keysOf: (change) => [keyOf(change.scope, change.id.split('/')[0] ?? '')],
      },
    ],
    reconcile: (key) => tell(world, notify, key),
  }
}

async function tell(
  world: DeployWorld,
  notify: Notifier,
  key: string,
): Promise<Outcome | undefined> {
  const { store } = world.context
  const { scope, id } = openKey(key)
  const telling = await store.find(tellingDeployments, scope, id)
  if (!telling) return undefined
  const deployment = (await store.find(deployments, scope, id))?.value
  if (!deployment) {
    await store.remove(telling)
    return undefined
  }
  const targets = await store.list(deploymentTargets, scope, { owner: id })
  const all = triggerMessages({
    scope,
    deployment,
    targets: targets.map((record) => record.value),
  })
  const at = { kind: tellingDeployments, scope, id }
  for (const message of all) {
    if (telling.value.told.includes(message.id)) continue
    if (!(await notify(scope, message))) return { againAfterMilliseconds: retryMilliseconds }
    await modify(store, at, ({ told }) => ({ told: [...told, message.id] }))
  }
  if (!isFinished(deployment.status)) return undefined
  const last = await store.find(tellingDeployments, scope, id)
  if (last) await store.remove(last)
  return undefined
}
