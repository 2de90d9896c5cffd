import { connect, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectSecured } from 'node:tls'
import type { HealthCheckSpec, TargetHealth, TargetSpec } from '../../protocol/gateway.ts'
import { probe } from './health-probe.ts'
import {
  newHealth,
  planHealth,
  suspended,
  uncheckedHealth,
  type HealthRecord,
} from './plan-health.ts'
import { Upstream } from './upstream.ts'

/** Between probes of a target that is new, or that refused a connection: it may come up at any moment. */
const eagerMilliseconds = 100
/** After so many eager probes in a row without success the pace is `patientMilliseconds`. */
const eagerProbesMax = 100
const patientMilliseconds = 1000
/** As AWS's balancers do: targets may show any certificate, and speak old versions. */
const anyTarget = {
  rejectUnauthorized: false,
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384',
} as const
/** ALB gives up connecting after 10 s; within one site or machine, silence for this long means that nobody is there. */
const connectMilliseconds = 2000

export interface TargetPorts {
  /** The balancer's own address, which targets' security groups know. */
  localAddress(): string | undefined
  /** Its connections are inside TLS. */
  isSecured(): boolean
  /** Its place in the rotation or its report may have changed. */
  onChange(): void
}

/** One target as a gateway sees it: where it is, how it does, what is under way to it. */
export class Target {
  readonly upstream: Upstream
  health: HealthRecord = newHealth
  since = Date.now()
  spec: TargetSpec
  private check: HealthCheckSpec
  private readonly ports: TargetPorts
  private regularTimer: NodeJS.Timeout | undefined
  private eagerTimer: NodeJS.Timeout | undefined
  private eagerProbes = 0
  private isStopped = false

  constructor(spec: TargetSpec, check: HealthCheckSpec, ports: TargetPorts) {
    this.spec = spec
    this.check = check
    this.ports = ports
    this.upstream = new Upstream({
      id: spec.id,
      address: `${spec.address}:${spec.port}`,
      connect: (onread) => this.connect(onread),
      connectPlain: () => this.connect(),
      connectMilliseconds,
      onUnreachable: () => this.suspend(),
      onInFlightChange: () => {
        if (this.spec.state === 'draining') ports.onChange()
      },
    })
    this.begin()
  }

  /** May get requests while others are no better. */
  get isActive(): boolean {
    return this.spec.state === 'active'
  }

  get isInRotation(): boolean {
    return this.isActive && this.health.state === 'healthy' && !this.health.isSuspended
  }

  update(spec: TargetSpec, check: HealthCheckSpec): void {
    const before = this.spec
    this.spec = spec
    const isOtherCheck = JSON.stringify(check) !== JSON.stringify(this.check)
    this.check = check
    if (spec.state === 'gone' && before.state !== 'gone') this.upstream.abandon()
    if (spec.state === 'draining' && before.state === 'active') this.upstream.closeIdle()
    if (spec.state !== before.state) this.since = Date.now()
    // Registered anew, or its machine began anew: what it was like before says nothing.
    if (spec.state === 'active' && before.state !== 'active') this.health = newHealth
    if (spec.state !== before.state || isOtherCheck) {
      this.stopChecking()
      this.begin()
    }
  }

  /** It has left the group: whatever is still under way ends, but for connections that are not read where they are to go on. */
  remove(endsConnections = true): void {
    this.isStopped = true
    this.stopChecking()
    if (endsConnections) this.upstream.abandon()
    else this.upstream.leave()
  }

  report(targetGroupId: string): TargetHealth {
    return {
      targetGroupId,
      targetId: this.spec.id,
      ...this.reportedState(),
      requestsInFlight: this.upstream.inFlight,
      since: this.since,
    }
  }

  private reportedState(): Pick<TargetHealth, 'state' | 'reason' | 'description'> {
    if (this.spec.state === 'draining') {
      return {
        state: 'draining',
        reason: 'Target.DeregistrationInProgress',
        description: 'Target deregistration is in progress',
      }
    }
    if (this.spec.state === 'gone') {
      return {
        state: 'unused',
        reason: 'Target.InvalidState',
        description: 'Target is in the terminated state',
      }
    }
    const { state, reason, description } = this.health
    return {
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(description === undefined ? {} : { description }),
    }
  }

  private connect(onread?: OnReadOpts): Socket {
    const localAddress = this.ports.localAddress()
    const place = {
      host: this.spec.address,
      port: this.spec.port,
      noDelay: true,
      allowHalfOpen: true,
      ...(onread === undefined ? {} : { onread }),
      ...(localAddress === undefined ? {} : { localAddress }),
    }
    return this.ports.isSecured() ? connectSecured({ ...place, ...anyTarget }) : connect(place)
  }

  private begin(): void {
    if (this.isStopped || !this.isActive) return
    if (!this.check.enabled) {
      this.become(uncheckedHealth)
      return
    }
    this.eagerProbes = 0
    if (this.health.state === 'initial' || this.health.isSuspended) this.probeEagerly()
    this.planRegularCheck()
  }

  private planRegularCheck(): void {
    this.regularTimer = setTimeout(() => {
      void this.ask(true).finally(() => {
        if (!this.isStopped && this.isActive) this.planRegularCheck()
      })
    }, this.check.intervalSeconds * 1000)
  }

  private probeEagerly(): void {
    clearTimeout(this.eagerTimer)
    this.eagerTimer = undefined
    void this.ask(false).finally(() => {
      const isWaiting = this.health.state === 'initial' || this.health.isSuspended
      if (this.isStopped || !this.isActive || !isWaiting || this.eagerTimer !== undefined) return
      const isPatient = this.eagerProbes++ >= eagerProbesMax
      const pause = isPatient ? patientMilliseconds : eagerMilliseconds
      this.eagerTimer = setTimeout(() => this.probeEagerly(), pause)
    })
  }

  private async ask(isRegular: boolean): Promise<void> {
    const check = this.check
    const result = await probe(this.spec, check, this.ports.localAddress())
    if (this.isStopped || !this.isActive || check !== this.check) return
    this.become(planHealth(this.health, { ...result, isRegular }, check))
  }

  private suspend(): void {
    if (this.isStopped || !this.isActive || this.health.isSuspended) return
    this.become(suspended(this.health))
    this.eagerProbes = 0
    if (this.check.enabled) this.probeEagerly()
    else this.eagerTimer = setTimeout(() => this.become(uncheckedHealth), patientMilliseconds)
  }

  private become(health: HealthRecord): void {
    const before = this.health
    this.health = health
    if (before.state !== health.state) this.since = Date.now()
    const isSame =
      before.state === health.state &&
      before.isSuspended === health.isSuspended &&
      before.reason === health.reason &&
      before.description === health.description
    if (!isSame) this.ports.onChange()
  }

  private stopChecking(): void {
    clearTimeout(this.regularTimer)
    clearTimeout(this.eagerTimer)
    this.eagerTimer = undefined
  }
}
