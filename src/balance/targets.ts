import type { Scope } from '../kernel/scope.ts'
import type { TargetHealthState } from '../protocol/gateway.ts'

/** A target as ELBv2 names it: an instance id, or an address, and a port. */
export interface TargetRef {
  readonly targetId: string
  /** The group's own port when absent. */
  readonly port?: number
  /** Of an address: its zone, or `all`. */
  readonly zone?: string
}

export interface TargetView {
  readonly targetId: string
  readonly port: number
  readonly zone: string | undefined
  readonly state: TargetHealthState
  readonly reason: string | undefined
  readonly description: string | undefined
}

/** What classic balancers are called by among names of target groups, which have no slash. */
export const classicPrefix = 'elb/'

/** What `scale` and `deploy` ask of target groups. */
export interface Targets {
  /** Undefined when there is no such group. By ARN. */
  list(scope: Scope, targetGroupArn: string): Promise<readonly TargetView[] | undefined>
  /** By the group's name, or a classic balancer's behind `elb/`; its ARN. */
  arnOfName(scope: Scope, targetGroupName: string): Promise<string | undefined>
  register(scope: Scope, targetGroupArn: string, targets: readonly TargetRef[]): Promise<void>
  /** Starts draining; the target leaves the list when it is done. */
  deregister(scope: Scope, targetGroupArn: string, targets: readonly TargetRef[]): Promise<void>
}
