import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'
import type { BlockDevice } from './domain/volume-request.ts'
import type { SpotTerms } from './domain/spot.ts'
import type { CpuCredits, LaunchRequest, RootVolume } from './instance.ts'

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
  /** Undefined when there is no such template or version; a `Refusal` when it lacks what a launch needs. */
  resolve(scope: Scope, ref: LaunchTemplateRef): Promise<ResolvedLaunchTemplate | undefined>
}

/** What a launch may say of itself: the content of a template's version, and of a launch over it. */
export interface LaunchSettings {
  readonly imageId?: string
  readonly instanceType?: string
  readonly keyName?: string
  readonly securityGroupIds?: readonly string[]
  /** Of the default VPC. */
  readonly securityGroupNames?: readonly string[]
  readonly subnetId?: string
  readonly zone?: string
  /** Its settings came in an interface of its own (`NetworkInterfaces`), and are shown there again. */
  readonly hasInterface?: boolean
  readonly associatePublicAddress?: boolean
  readonly privateAddress?: string
  /** Name or ARN. */
  readonly instanceProfile?: string
  readonly userData?: string
  readonly tags?: readonly Tag[]
  readonly volumeTags?: readonly Tag[]
  readonly interfaceTags?: readonly Tag[]
  readonly metadataTokens?: 'optional' | 'required'
  readonly metadataEnabled?: boolean
  readonly metadataTags?: boolean
  readonly metadataHopLimit?: number
  readonly shutdownBehavior?: 'stop' | 'terminate'
  readonly isProtected?: boolean
  readonly isStopProtected?: boolean
  readonly isMonitored?: boolean
  readonly cpuCredits?: CpuCredits
  readonly rootVolume?: RootVolume
  readonly blockDevices?: readonly BlockDevice[]
  readonly ebsOptimized?: boolean
  readonly spot?: SpotTerms
}

export interface LaunchTemplateVersion {
  readonly version: number
  readonly description?: string
  readonly createdAt: number
  readonly createdBy: string
  /** The same token again is this version again. */
  readonly clientToken?: string
  readonly settings: LaunchSettings
}

export interface LaunchTemplate {
  readonly launchTemplateId: string
  readonly name: string
  readonly createdAt: number
  readonly createdBy: string
  readonly defaultVersion: number
  /** Versions are never numbered twice, though they may be deleted. */
  readonly latestVersion: number
  readonly versions: readonly LaunchTemplateVersion[]
  readonly tags: readonly Tag[]
}

export const launchTemplates = kindOf<LaunchTemplate>('compute/launch-template')
