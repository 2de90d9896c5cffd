import { globalRegion, type Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'

/** Who is behind a credential. The same shape as the wire's `Principal`; this room may not import it. */
export interface KeyHolder {
  readonly arn: string
  readonly account: string
  readonly userId: string
}

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent: the account's root. */
  readonly userName?: string
  readonly holder: KeyHolder
  readonly status: 'Active' | 'Inactive'
  readonly createdAt: number
  readonly madeFor?: string | undefined
}

/** In `keyScope`: a request names a key before anyone knows its account. Owner: `account/user`, or `account` for the root. */
export const accessKeys = kindOf<AccessKey>('identity/access-key')

/** Temporary credentials. */
export interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly holder: KeyHolder
  readonly expiresAt: number
}

/** In `keyScope`. Owner: the account. */
export const sessions = kindOf<Session>('identity/session')

/** Credentials are found by their id alone, in whatever account they are. */
export const keyScope: Scope = { account: 'any', region: globalRegion }

/** A policy's name and its document, as given. */
export interface InlinePolicy {
  readonly name: string
  readonly document: string
}

interface PolicyHolder {
  readonly inlinePolicies: readonly InlinePolicy[]
  readonly attachedPolicyArns: readonly string[]
  readonly tags: readonly Tag[]
  readonly path: string
  readonly arn: string
  readonly createdAt: number
  /** The token of the request that made it: the same request again finds it instead of a conflict. */
  readonly madeFor?: string | undefined
}

export interface User extends PolicyHolder {
  readonly userName: string
  readonly userId: string
  /** There is no console to sign in to: nothing is kept of the password. */
  readonly loginProfile?: LoginProfile | undefined
}

export interface LoginProfile {
  readonly createdAt: number
  readonly isResetRequired: boolean
}

/** In the account's global scope, by name, as are the kinds below. */
export const users = kindOf<User>('identity/user')

export interface Group extends PolicyHolder {
  readonly groupName: string
  readonly groupId: string
  /** Users, by name. */
  readonly memberNames: readonly string[]
}

export const groups = kindOf<Group>('identity/group')

export interface Role extends PolicyHolder {
  readonly roleName: string
  readonly roleId: string
  readonly trustPolicy: string
  readonly description?: string | undefined
  readonly maxSessionSeconds: number
}

export const roles = kindOf<Role>('identity/role')

export interface InstanceProfile {
  readonly name: string
  readonly profileId: string
  readonly path: string
  readonly arn: string
  readonly roleName?: string | undefined
  readonly createdAt: number
  readonly tags: readonly Tag[]
  readonly madeFor?: string | undefined
}

export const instanceProfiles = kindOf<InstanceProfile>('identity/instance-profile')

export interface ManagedPolicy {
  readonly name: string
  readonly policyId: string
  readonly path: string
  readonly arn: string
  readonly description?: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
  readonly tags: readonly Tag[]
  readonly defaultVersionId: string
  readonly versions: readonly PolicyVersion[]
  readonly versionsMade: number
  readonly madeFor?: string | undefined
}

export interface PolicyVersion {
  readonly versionId: string
  readonly document: string
  readonly createdAt: number
}

export const managedPolicies = kindOf<ManagedPolicy>('identity/managed-policy')

/** Where an account's users, groups, roles, profiles and policies live. */
export function globalScopeOf(scope: Scope): Scope {
  return { account: scope.account, region: globalRegion }
}
