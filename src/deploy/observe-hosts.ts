import type { Instance } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import { mirrorKey } from '../store/mirror.ts'
import { isRegistered, type OnPremisesInstance } from './on-premises.ts'
import type { HostView } from './plan-target.ts'

/** All hosts of a scope, read once for one round over a deployment's targets. */
export interface ObservedHosts {
  view(target: DeploymentTarget): HostView['instance']
  isOnPremises(target: DeploymentTarget): boolean
}

export async function observeHosts(world: DeployWorld, scope: Scope): Promise<ObservedHosts> {
  const instances = await world.watched.instances.read()
  const find = (id: string): Instance | undefined => instances.get(mirrorKey({ scope, id }))?.value
  const servers = await world.watched.servers.read()
  const findServer = (id: string): OnPremisesInstance | undefined =>
    servers.get(mirrorKey({ scope, id }))?.value
  const isOnPremises = ({ targetId }: DeploymentTarget): boolean =>
    find(targetId) === undefined && findServer(targetId) !== undefined
  return {
    isOnPremises,
    view(target) {
      const server = isOnPremises(target) ? findServer(target.targetId) : undefined
      if (!server) return viewInstance(find(target.targetId))
      // Whether it runs, its agent tells: one that is silent fails its event.
      if (isRegistered(server)) return { state: 'running' }
      return { state: 'gone', reason: 'it was deregistered' }
    },
  }
}

function viewInstance(instance: Instance | undefined): HostView['instance'] {
  if (!instance) return { state: 'gone', reason: 'there is no such instance' }
  if (instance.state === 'running') return { state: 'running' }
  if (instance.state === 'pending') return { state: 'unknown' }
  return { state: 'gone', reason: instance.stateReason?.message ?? `it is ${instance.state}` }
}
