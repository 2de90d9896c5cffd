import type {
  ExecRequest,
  ExecResult,
  MachineInventory,
  MachineStatus,
} from '../protocol/machine.ts'

/** What the agent needs of the host process; `drivers/host-client` gives it. Failures are `DriverError`s. */
export interface MachineHost {
  inventory(): Promise<MachineInventory>
  exec(
    request: ExecRequest,
    streams: {
      readonly input?: AsyncIterable<Buffer>
      output?(stream: 'stdout' | 'stderr', chunk: Buffer): void
      readonly signal?: AbortSignal
    },
  ): Promise<ExecResult>
  watch(listener: (status: MachineStatus) => void): () => void
}
