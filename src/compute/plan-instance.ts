import type { Observation } from '../kernel/observation.ts'
import {
  lostWithItsZone,
  wentDownToReboot,
  type MachineImpairment,
  type MachineStatus,
} from '../protocol/machine.ts'
import type { Instance, InstanceState } from './instance.ts'

/** Which state may follow which, as on EC2. A state that stays needs no entry. */
export const transitions = {
  pending: ['running', 'stopping', 'stopped', 'shutting-down', 'terminated'],
  running: ['pending', 'stopping', 'stopped', 'shutting-down', 'terminated'],
  stopping: ['stopped', 'shutting-down', 'terminated'],
  stopped: ['pending', 'shutting-down', 'terminated'],
  'shutting-down': ['terminated'],
  terminated: [],
} as const satisfies Record<InstanceState, readonly InstanceState[]>

/** What is seen of the host at the moment of deciding. */
export interface ObservedHost {
  readonly machine: Observation<MachineStatus>
  /** The life of the host process that the observation was made in. */
  readonly hostEpoch: string
  /** Its zone is known to be broken: nothing starts there. */
  readonly isZoneBroken?: boolean
}

/** One step for one instance. */
export type InstanceStep =
  | { readonly step: 'nothing' }
  | { readonly step: 'wait'; readonly reason: string }
  | { readonly step: 'launch' }
  | { readonly step: 'start' }
  | { readonly step: 'restart' }
  | { readonly step: 'stop' }
  | { readonly step: 'terminate' }
  | { readonly step: 'record-running'; readonly incarnation: number }
  | { readonly step: 'record-impairment'; readonly kind: MachineImpairment | undefined }
  | { readonly step: 'record-stopped' }
  /** Its zone was killed: it is down, and still wanted. */
  | { readonly step: 'record-lost' }
  /** It ended by itself, while the host watched. */
  | {
      readonly step: 'record-ended'
      readonly next: 'stopped' | 'terminated'
      readonly code: string
      readonly message: string
    }
  | { readonly step: 'forget' }

/** What a host says of a machine that it stopped because it was told to: by us, or because the whole installation goes down. */
const stoppedOnRequest = 'stopped on request'

/** A terminated instance is still shown for an hour, as on EC2. */
export const terminatedShownMilliseconds = 3_600_000

/** The next step towards what the record says. Nothing destructive follows from what is not known. */
export function planInstance(instance: Instance, host: ObservedHost, now: number): InstanceStep {
  switch (instance.desired) {
    case 'terminated':
      return planTermination(instance, now)
    case 'stopped':
      return planStop(instance, host)
    case 'running':
      return planRun(instance, host)
  }
}

export function describe(step: InstanceStep): string {
  if (step.step === 'wait') return `wait: ${step.reason}`
  if (step.step === 'record-ended') return `record that it ended: ${step.message}`
  return step.step
}

function planTermination(instance: Instance, now: number): InstanceStep {
  if (instance.state !== 'terminated') return { step: 'terminate' }
  const shown = now - (instance.terminatedAt ?? now)
  return shown >= terminatedShownMilliseconds ? { step: 'forget' } : { step: 'nothing' }
}

function planStop(instance: Instance, { machine }: ObservedHost): InstanceStep {
  if (machine.state === 'unknown') return { step: 'wait', reason: machine.reason }
  if (machine.state === 'present' && isUp(machine.value)) return { step: 'stop' }
  return instance.state === 'stopped' ? { step: 'nothing' } : { step: 'record-stopped' }
}

function planRun(
  instance: Instance,
  { machine, hostEpoch, isZoneBroken = false }: ObservedHost,
): InstanceStep {
  if (machine.state === 'unknown') return { step: 'wait', reason: machine.reason }
  if (machine.state === 'absent') return { step: 'launch' }
  const { phase, incarnation } = machine.value
  switch (phase) {
    // Either it starts just now, and the call waits for it, or its start failed half-way and is tried again.
    case 'starting':
      return incarnation > 1 ? { step: 'start' } : { step: 'launch' }
    case 'terminated':
      return { step: 'launch' }
    case 'running': {
      if (instance.rebootIncarnation === incarnation) return { step: 'restart' }
      const isRecorded =
        instance.state === 'running' &&
        instance.incarnation === incarnation &&
        instance.hostEpoch === hostEpoch
      if (!isRecorded) return { step: 'record-running', incarnation }
      const kind = machine.value.impairment
      if (kind !== instance.impairment?.kind) return { step: 'record-impairment', kind }
      return { step: 'nothing' }
    }
    case 'stopped':
      return isZoneLost(machine.value)
        ? planLost(instance, isZoneBroken)
        : planEnded(instance, machine.value, hostEpoch)
  }
}

/**
 * A machine that runs no more though it should. Under the host process that saw it run it ended by itself, which is recorded;
 * after a new start of the host it went down with the host, and comes back, as one does that went down to reboot.
 */
function planEnded(instance: Instance, machine: MachineStatus, hostEpoch: string): InstanceStep {
  const isReboot = instance.rebootIncarnation === machine.incarnation
  const wasAsked = machine.reason === stoppedOnRequest || machine.reason === wentDownToReboot
  const endedByItself =
    instance.state === 'running' && instance.hostEpoch === hostEpoch && !isReboot && !wasAsked
  if (!endedByItself) return { step: 'start' }
  const reason = machine.reason ?? 'no reason is known'
  const inOrder = reason === 'exit code 0'
  // One on spot has no request that would start it again.
  const isEnding = instance.shutdownBehavior === 'terminate' || instance.spot !== undefined
  const next = inOrder && isEnding ? 'terminated' : 'stopped'
  return inOrder
    ? {
        step: 'record-ended',
        next,
        code: 'Client.InstanceInitiatedShutdown',
        message: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
      }
    : {
        step: 'record-ended',
        next,
        code: 'Server.InternalError',
        message: `Server.InternalError: machine ended (${reason})`,
      }
}

function isZoneLost({ reason }: MachineStatus): boolean {
  return reason === lostWithItsZone
}

/** As EC2 recovers an instance whose hardware failed: it starts again on its disk, with its address, once its zone is back. */
function planLost({ state }: Instance, isZoneBroken: boolean): InstanceStep {
  if (state === 'running') return { step: 'record-lost' }
  return isZoneBroken ? { step: 'nothing' } : { step: 'start' }
}

function isUp(machine: MachineStatus): boolean {
  return machine.phase === 'running' || machine.phase === 'starting'
}
