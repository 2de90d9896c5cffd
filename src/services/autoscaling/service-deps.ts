import type { Scale } from '../../scale/scale.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type AutoScalingOperations = OperationsOf<typeof import('@aws-sdk/client-auto-scaling')>

export interface AutoScalingDeps {
  readonly scale: Scale
}
