import type { Scope } from '../kernel/scope.ts'

/**
 * What other rooms ask of identity. `identity` fulfils it; compute takes it for role credentials on the metadata address.
 */
export interface InstanceProfiles {
  /** By name or ARN. */
  find(scope: Scope, nameOrArn: string): Promise<InstanceProfileView | undefined>
  /** Temporary credentials of the profile's role, for one instance. */
  credentials(
    scope: Scope,
    profileArn: string,
    instanceId: string,
  ): Promise<RoleCredentials | undefined>
}

export interface InstanceProfileView {
  readonly arn: string
  readonly id: string
  readonly name: string
  readonly roleName: string | undefined
}

export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}
