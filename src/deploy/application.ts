import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'

export interface Application {
  readonly applicationId: string
  readonly applicationName: string
  readonly createTime: number
  readonly tags: readonly Tag[]
}

/** By name. */
export const applications = kindOf<Application>('deploy/application')
