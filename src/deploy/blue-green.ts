import type { InstanceSelection } from './deployment-group.ts'

/** How a group deploys blue/green, in CodeDeploy's words (fact sheet §3.6). */
export interface BlueGreenSettings {
  readonly greenFleet: 'DISCOVER_EXISTING' | 'COPY_AUTO_SCALING_GROUP'
  /** What happens once the replacement is ready: traffic moves at once, or somebody must say so within the wait. */
  readonly readyAction: 'CONTINUE_DEPLOYMENT' | 'STOP_DEPLOYMENT'
  readonly readyWaitMinutes: number
  readonly blueAction: 'TERMINATE' | 'KEEP_ALIVE'
  readonly terminationWaitMinutes: number
}

/** What a blue/green deployment is at; each phase works on one of the two environments, or waits. */
export type BlueGreenPhase =
  | 'install'
  | 'ready'
  | 'reroute'
  | 'block'
  | 'terminationWait'
  | 'terminate'

export type DeploymentWait = 'READY_WAIT' | 'TERMINATION_WAIT'

/** A deployment's own way from blue to green; or, for its rollback, back. */
export interface BlueGreenCourse extends BlueGreenSettings {
  readonly phase: BlueGreenPhase
  /** When the phase began, in milliseconds. */
  readonly phaseSince: number
  /** Waits that somebody ended. */
  readonly continued: readonly DeploymentWait[]
  /** The replacement environment. */
  readonly green: InstanceSelection
  /** Of a rollback: the deployment whose rerouting it takes back. */
  readonly returnsFrom?: string
}

/** Which environment a host belongs to. */
export type EnvironmentLabel = 'Blue' | 'Green'

/** The environment that takes the traffic. */
export function takerOf(course: BlueGreenCourse): EnvironmentLabel {
  return course.returnsFrom === undefined ? 'Green' : 'Blue'
}

export function leaverOf(course: BlueGreenCourse): EnvironmentLabel {
  return course.returnsFrom === undefined ? 'Blue' : 'Green'
}
