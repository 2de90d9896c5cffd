import type { Scope } from '../kernel/scope.ts'
import type { LaunchRequest } from './instance.ts'

/** A launch template as others name it: by id or name, and `$Latest`, `$Default` or a number. */
export interface LaunchTemplateRef {
  readonly launchTemplateId?: string
  readonly launchTemplateName?: string
  readonly version?: string
}

export interface ResolvedLaunchTemplate {
  readonly launchTemplateId: string
  readonly launchTemplateName: string
  readonly version: string
  /** All of a launch but how many and where. */
  readonly request: Omit<LaunchRequest, 'count' | 'subnetId' | 'zone' | 'clientToken'>
}

export interface LaunchTemplates {
  /** Undefined when there is no such template or version. */
  resolve(scope: Scope, ref: LaunchTemplateRef): Promise<ResolvedLaunchTemplate | undefined>
}
