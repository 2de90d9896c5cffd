import type { DiskMount, DiskSource, ExecRequest, ExecResult, ZoneFault } from './machine.ts'

/** The header that carries the lease epoch of a command's sender. */
export const epochHeader = 'x-evenkeel-epoch'

/** Calls of `POST /call/NAME`, each with one JSON argument. */
export type HostCall =
  | 'launch'
  | 'stop'
  | 'start'
  | 'terminate'
  | 'inventory'
  | 'console'
  | 'consoles'
  | 'fault-zone'
  | 'usage'
  | 'make-disk'
  | 'remove-disk'
  | 'attach-disk'
  | 'detach-disk'
  | 'apply'
  | 'remove'
  | 'list'

/** The argument of `fault-zone`; without a fault the zone is restored. */
export interface FaultZoneRequest {
  readonly zone: string
  readonly fault?: ZoneFault
}

/** The arguments of `make-disk`, and of `attach-disk` and `detach-disk`. */
export interface MakeDiskRequest {
  readonly id: string
  readonly source?: DiskSource
}

export interface AttachDiskRequest {
  readonly machineId: string
  readonly mount: DiskMount
  readonly isForced?: boolean
}

/** What answers a call that failed. */
export interface HostFailure {
  readonly message: string
  readonly retryable: boolean
}

/** Lines to `POST /exec`: the request first, then input until it ends. Bytes are base64. */
export type ExecUpLine =
  | { readonly request: ExecRequest; readonly hasInput: boolean }
  | { readonly input: string }

/** Lines from `POST /exec`: output as it comes, and at last how it ended. */
export type ExecDownLine =
  | { readonly stream: 'stdout' | 'stderr'; readonly chunk: string }
  | { readonly result: ExecResult }
  | { readonly failure: HostFailure }

/** The body of `POST /shutdown`. */
export interface ShutdownRequest {
  readonly machines: 'stop' | 'terminate'
}
