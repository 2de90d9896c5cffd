import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'

export interface LogGroup {
  readonly name: string
  /** What its streams, filters and events belong to: a group that is made again has another one. */
  readonly id: string
  readonly createdAt: number
  /** Absent: for ever. */
  readonly retentionDays?: number
  readonly tags: Readonly<Record<string, string>>
  /** Neither it nor its streams can be deleted while true. */
  readonly isProtected?: boolean
  /** Of the stack resource that made it. */
  readonly token?: string
}

/** By name. */
export const logGroups = kindOf<LogGroup>('logs/group')

export interface LogStream {
  readonly name: string
  readonly id: string
  readonly createdAt: number
  readonly token?: string
}

/** Id: `<group's id>/<name>`; owner: the group's id. */
export const logStreams = kindOf<LogStream>('logs/stream')

/** What was deleted, and is removed bit by bit. */
export interface Remains {
  readonly of: { readonly group: string } | { readonly stream: string }
  readonly deletedAt: number
}

export const remains = kindOf<Remains>('logs/remains')

export function inGroup(groupId: string, name: string): string {
  return `${groupId}/${name}`
}

export function logGroupArn(scope: Scope, name: string): string {
  return arnOf('logs', scope, `log-group:${name}`)
}

export function logStreamArn(scope: Scope, groupName: string, name: string): string {
  return arnOf('logs', scope, `log-group:${groupName}:log-stream:${name}`)
}

const dayMilliseconds = 24 * 3_600_000

/** Events before it are gone. */
export function keptFrom({ retentionDays }: LogGroup, now: number): number {
  return retentionDays === undefined ? 0 : now - retentionDays * dayMilliseconds
}
