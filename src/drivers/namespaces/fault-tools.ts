import type { NetworkSpec } from '../../protocol/network.ts'
import { continueAllOf, processesWith, stopAllOf } from '../machines/process-states.ts'
import type { FaultTools, RunningMachine } from '../machines/zone-faults.ts'
import { linkOf, outsideBatch } from './links.ts'
import { deviceName, networkNamespacePath } from './paths.ts'
import { runInNetwork } from './run-command.ts'

export interface FaultToolsOptions {
  readonly runDirectory: string
  specOf(networkId: string): NetworkSpec
  /** Sets the addresses anew that changed while the links were down. */
  converge(machines: readonly RunningMachine[]): Promise<void>
}

/** What a zone fault does to namespaces: links on the router go down, processes of the pid namespace stop. */
export function faultTools(options: FaultToolsOptions): FaultTools {
  const perNetwork = async (
    machines: readonly RunningMachine[],
    lines: (machine: RunningMachine) => string,
  ): Promise<void> => {
    const networks = Map.groupBy(machines, ({ spec }) => spec.networkId)
    for (const [networkId, own] of networks) {
      const namespace = networkNamespacePath(options.runDirectory, networkId)
      // A machine that ends meanwhile has no link any more; the others' lines count.
      await runInNetwork(namespace, ['ip', '-force', '-batch', '-'], own.map(lines).join('')).catch(
        ignoreMissingLinks,
      )
    }
  }
  return {
    pause: (machines) => stopAllOf(() => processesWith(machines.map(({ pid }) => pid))),
    resume: (machines) => continueAllOf(() => processesWith(machines.map(({ pid }) => pid))),
    cut: (machines) =>
      perNetwork(machines, ({ spec }) => `link set ${deviceName('m', spec.id)} down\n`),
    async mend(machines) {
      await perNetwork(machines, ({ spec }) =>
        outsideBatch(linkOf(options.specOf(spec.networkId), spec.id, spec.interfaceId)),
      )
      await options.converge(machines)
    },
  }
}

function ignoreMissingLinks(thrown: unknown): void {
  if (!(thrown instanceof Error) || !thrown.message.includes('Cannot find device')) throw thrown
}
