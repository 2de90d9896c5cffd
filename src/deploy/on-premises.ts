import type { Tag } from '../kernel/tags.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf, modify, type Store } from '../store/records.ts'

/** A server of one's own that is deployed to. Deregistered, it stays to be read, until its name is registered anew. */
export interface OnPremisesInstance {
  readonly instanceName: string
  readonly instanceArn: string
  /** Whom its agent signs as, and what the agent calls its host: the user's ARN, or the session's. */
  readonly identity: { readonly kind: 'user' | 'session'; readonly arn: string }
  readonly registerTime: number
  readonly deregisterTime?: number
  readonly tags: readonly Tag[]
}

/** By name. */
export const onPremisesInstances = kindOf<OnPremisesInstance>('deploy/on-premises')

/** Which registered instance an identity belongs to. By ARN. */
export const onPremisesIdentities = kindOf<OnPremisesIdentity>('deploy/on-premises-arn')

export interface OnPremisesIdentity {
  readonly instanceName: string
}

export function isRegistered(instance: OnPremisesInstance): boolean {
  return instance.deregisterTime === undefined
}

/** Deployments under way fail on it; its agent is turned away from now on. False when it is not registered. */
export async function deregisterOnPremises(
  store: Store,
  at: { readonly scope: Scope; readonly instanceName: string },
  now: number,
): Promise<boolean> {
  return store.transaction(async (records) => {
    let arn: string | undefined
    const found = { kind: onPremisesInstances, scope: at.scope, id: at.instanceName }
    await modify(records, found, (instance) => {
      if (!isRegistered(instance)) return undefined
      arn = instance.identity.arn
      return { ...instance, deregisterTime: now }
    })
    if (arn === undefined) return false
    const identity = await records.find(onPremisesIdentities, at.scope, arn)
    if (identity) await records.remove(identity)
    return true
  })
}
