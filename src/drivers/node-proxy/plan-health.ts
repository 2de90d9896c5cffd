import type { HealthCheckSpec, TargetHealthState } from '../../protocol/gateway.ts'

/**
 * What the checks have said of a target so far. `isSuspended` is passive: a connection was refused, so it gets no request until a
 * probe succeeds; its reported state still follows the checks alone, lest one restart of a server looks like a dead machine.
 */
export interface HealthRecord {
  readonly state: Extract<TargetHealthState, 'initial' | 'healthy' | 'unhealthy'>
  readonly isSuspended: boolean
  readonly successes: number
  readonly failures: number
  readonly reason: string | undefined
  readonly description: string | undefined
}

export const newHealth: HealthRecord = {
  state: 'initial',
  isSuspended: false,
  successes: 0,
  failures: 0,
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
}

/** A group without health checks: every target counts as healthy. */
export const uncheckedHealth: HealthRecord = {
  ...newHealth,
  state: 'healthy',
  reason: undefined,
  description: undefined,
}

export interface CheckResult {
  readonly ok: boolean
  /** At the configured interval. Probes in between only bring good news. */
  readonly isRegular: boolean
  readonly reason?: string
  readonly description?: string
}

/** The state after one more result. A new target is healthy at its first success; a sick one needs its threshold. */
export function planHealth(
  record: HealthRecord,
  result: CheckResult,
  check: Pick<HealthCheckSpec, 'healthyThreshold' | 'unhealthyThreshold'>,
): HealthRecord {
  if (result.ok) return afterSuccess(record, result, check.healthyThreshold)
  if (!result.isRegular) return record.state === 'initial' ? checking(record) : record
  const failures = record.failures + 1
  if (record.state === 'unhealthy' || failures >= check.unhealthyThreshold) {
    return {
      state: 'unhealthy',
      isSuspended: record.isSuspended,
      successes: 0,
      failures,
      reason: result.reason,
      description: result.description,
    }
  }
  const next = { ...record, successes: 0, failures }
  return record.state === 'initial' ? checking(next) : next
}

function afterSuccess(record: HealthRecord, result: CheckResult, threshold: number): HealthRecord {
  const isCounted = result.isRegular || record.state !== 'unhealthy'
  const successes = record.successes + (isCounted ? 1 : 0)
  if (record.state === 'unhealthy' && successes < threshold) {
    return { ...record, isSuspended: false, successes, failures: 0 }
  }
  return { ...uncheckedHealth, successes }
}

function checking(record: HealthRecord): HealthRecord {
  return {
    ...record,
    reason: 'Elb.InitialHealthChecking',
    description: 'Initial health checks in progress',
  }
}

/** After a connection to the target was refused or not answered. */
export function suspended(record: HealthRecord): HealthRecord {
  return record.isSuspended ? record : { ...record, isSuspended: true }
}
