import type { Scope } from './scope.ts'

/** A state change worth telling others: EC2, Auto Scaling and CodeDeploy events. `server` wires the listeners. */
export interface EngineEvent {
  readonly source: string
  readonly detailType: string
  readonly scope: Scope
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

export interface EventPort {
  publish(event: EngineEvent): void
}

/** One number of a metric at a moment, in CloudWatch's terms. */
export interface MetricDatum {
  readonly scope: Scope
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly value: number
  readonly unit: string
  readonly at: number
  /** 60 unless given; with 1, alarms may have periods of 10 and 30 seconds. */
  readonly resolutionSeconds?: 1 | 60
}

export interface MetricPort {
  record(data: readonly MetricDatum[]): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** A process's own log. Fields are printable; secrets are never among them. */
export interface Log {
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void
}

export const silentLog: Log = { write() {} }
