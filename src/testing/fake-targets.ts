import type { Targets, TargetView } from '../balance/targets.ts'
import type { TargetHealthState } from '../protocol/gateway.ts'

export interface FakeTargets extends Targets {
  /** By ARN and target id. A group is there once it is in the map. */
  readonly groups: Map<string, Map<string, TargetHealthState>>
  /** Draining targets leave at once unless this is set. */
  holdDraining: boolean
  /** Lets go of everything that drains. */
  releaseDraining(): void
}

/** Target groups without a balancer: registered targets are healthy until a test says otherwise. */
export function fakeTargets(...arns: readonly string[]): FakeTargets {
  const groups = new Map(arns.map((arn) => [arn, new Map<string, TargetHealthState>()]))
  const fake: FakeTargets = {
    groups,
    holdDraining: false,
    async list(_scope, arn) {
      const targets = groups.get(arn)
      return targets && [...targets].map(([targetId, state]) => viewOf(targetId, state))
    },
    async arnOfName(_scope, name) {
      return [...groups.keys()].find((arn) => arn.includes(`/${name}/`))
    },
    async register(_scope, arn, targets) {
      for (const { targetId } of targets) groups.get(arn)?.set(targetId, 'healthy')
    },
    async deregister(_scope, arn, targets) {
      for (const { targetId } of targets) {
        if (fake.holdDraining) groups.get(arn)?.set(targetId, 'draining')
        else groups.get(arn)?.delete(targetId)
      }
    },
    releaseDraining() {
      for (const targets of groups.values()) {
        for (const [id, state] of targets) if (state === 'draining') targets.delete(id)
      }
    },
  }
  return fake
}

function viewOf(targetId: string, state: TargetHealthState): TargetView {
  return {
    targetId,
    port: 80,
    zone: undefined,
    state,
    reason: undefined,
    description: undefined,
  }
}
