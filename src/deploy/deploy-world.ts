import type { Targets } from '../balance/targets.ts'
import type { Instances } from '../compute/instance.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Groups } from '../scale/groups.ts'
import type { BundleReader } from './bundle-reader.ts'
import type { DeployLimits } from './plan-target.ts'

/** The engines that deployments work with. */
export interface DeployPorts {
  readonly instances: Instances
  readonly groups: Groups
  readonly targets: Targets
  readonly objects: ObjectReader
  readonly bundles: BundleReader
  readonly limits?: Partial<DeployLimits>
}

/** What the engine's own parts share. */
export interface DeployWorld extends DeployPorts {
  readonly context: EngineContext
  readonly limits: DeployLimits
  /** Silence of agents is counted from here at the earliest: before, nobody could have listened. */
  readonly watchedSince: number
}
