import type {
  ComputeDriver,
  ConsoleDriver,
  DiskDriver,
  UsageDriver,
  ZoneDriver,
} from '../../compute/driver.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { HostCall, ShutdownRequest } from '../../protocol/host.ts'
import type {
  ConsolePart,
  MachineInventory,
  MachineStatus,
  MachineUsage,
} from '../../protocol/machine.ts'
import type { NetworkStatus } from '../../protocol/network.ts'
import { execOnHost } from './host-exec.ts'
import { callHost, type HostAddress } from './host-request.ts'
import { HostWatch } from './host-watch.ts'

export interface HostClient
  extends ComputeDriver, NetworkDriver, ZoneDriver, DiskDriver, UsageDriver, ConsoleDriver {
  /** Ends machines, edge, agent, networks and the host process itself. */
  shutDown(request: ShutdownRequest): Promise<void>
}

/**
 * All contracts over the host's socket. `epoch` is the lease epoch of the caller (0: none). A host that does not answer is a
 * retryable DriverError.
 */
export function createHostClient(host: HostAddress): HostClient {
  const call = (name: HostCall, argument: unknown): Promise<unknown> =>
    callHost(host, `/call/${name}`, argument)
  const watch = new HostWatch(host)
  return {
    launch: async (spec) => (await call('launch', spec)) as MachineStatus,
    stop: async (id, graceMilliseconds) =>
      (await call('stop', { id, graceMilliseconds })) as MachineStatus,
    start: async (id, limits) => (await call('start', { id, limits })) as MachineStatus,
    terminate: async (id) => void (await call('terminate', { id })),
    inventory: async () => (await call('inventory', {})) as MachineInventory,
    console: async (id, bytesMax) =>
      Buffer.from((await call('console', { id, bytesMax })) as string, 'base64'),
    exec: (request, streams) => execOnHost(host, request, streams),
    watch: (listener) => watch.add(listener),
    apply: async (spec) => void (await call('apply', spec)),
    remove: async (id) => void (await call('remove', { id })),
    list: async () => (await call('list', {})) as readonly NetworkStatus[],
    consoles: async (order) => (await call('consoles', order)) as readonly ConsolePart[],
    usage: async () => (await call('usage', {})) as readonly MachineUsage[],
    faultZone: async (zone, fault) => void (await call('fault-zone', { zone, fault })),
    makeDisk: async (id, source) =>
      void (await call('make-disk', { id, ...(source && { source }) })),
    removeDisk: async (id) => void (await call('remove-disk', { id })),
    attachDisk: async (machineId, mount) => void (await call('attach-disk', { machineId, mount })),
    detachDisk: async (machineId, mount, isForced) =>
      void (await call('detach-disk', { machineId, mount, isForced })),
    shutDown: async (request) => void (await callHost(host, '/shutdown', request)),
  }
}
