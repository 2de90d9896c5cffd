import { instances, type Instance } from '../compute/instance.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { mirrorKey, mirrorOf, type Mirror } from '../store/mirror.ts'
import type { Store } from '../store/records.ts'
import { attention, type Attention } from './attention.ts'
import { deploymentTargets, targetKey, type DeploymentTarget } from './deployment-target.ts'
import { heardHosts, type HeardHosts } from './heard-hosts.ts'
import {
  onPremisesIdentities,
  onPremisesInstances,
  type OnPremisesIdentity,
  type OnPremisesInstance,
} from './on-premises.ts'
import { hostCommands, type HostCommand } from './host-command.ts'

/** What a deployment's rounds look at again and again, kept from changes: a round costs what has changed, not the size of the fleet. */
export interface DeploymentRecords {
  readonly targets: Mirror<DeploymentTarget>
  readonly commands: Mirror<HostCommand>
  /** When its progress was last written down. */
  countedAt: number
  readonly attention: Attention
}

export interface WatchedRecords {
  readonly instances: Mirror<Instance>
  readonly servers: Mirror<OnPremisesInstance>
  readonly identities: Mirror<OnPremisesIdentity>
  readonly heard: Mirror<HeardHosts>
  of(scope: Scope, deploymentId: string): DeploymentRecords
  forget(scope: Scope, deploymentId: string): void
  /** Forgets all but these: others ended, or are carried on by another server. */
  keepOnly(deployments: readonly { readonly scope: Scope; readonly id: string }[]): void
}

/** Lists are read whole this often, whatever changes were heard of. */
const periodMilliseconds = 15_000

export function watchedRecords(world: { store: Store; clock: Clock }): WatchedRecords {
  const known = new Map<string, DeploymentRecords>()

  function close(key: string): void {
    const records = known.get(key)
    records?.targets.close()
    records?.commands.close()
    known.delete(key)
  }

  return {
    instances: mirrorOf(world, { kind: instances, periodMilliseconds }),
    servers: mirrorOf(world, { kind: onPremisesInstances, periodMilliseconds }),
    identities: mirrorOf(world, { kind: onPremisesIdentities, periodMilliseconds }),
    heard: mirrorOf(world, { kind: heardHosts, periodMilliseconds }),
    of(scope, id) {
      const key = mirrorKey({ scope, id })
      const records = known.get(key) ?? {
        targets: mirrorOf(world, {
          kind: deploymentTargets,
          // By their ids, which are in order: a page of them is one range of the index.
          filter: { scope, idPrefix: targetKey(id, '') },
          periodMilliseconds,
        }),
        commands: mirrorOf(world, {
          kind: hostCommands,
          filter: { scope, idPrefix: `${id}/` },
          periodMilliseconds,
        }),
        countedAt: Number.NEGATIVE_INFINITY,
        attention: attention(),
      }
      known.set(key, records)
      return records
    },
    forget: (scope, id) => close(mirrorKey({ scope, id })),
    keepOnly(deployments) {
      const kept = new Set(deployments.map(mirrorKey))
      for (const key of known.keys()) if (!kept.has(key)) close(key)
    },
  }
}
