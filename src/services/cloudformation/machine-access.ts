import type { ResourceRecord, StackRecord } from '../../stacks/stack-records.ts'
import type { CallingMachine } from '../../wire/service.ts'
import { machineOfAnotherStack } from './errors.ts'

/** What AWS's tools inside machines call with nothing but the instance's identity document. */
export const machineOperations: ReadonlySet<string> = new Set([
  'DescribeStackResource',
  'SignalResource',
])

/** A machine sees and signals what is in its own stack: the one that made it, or that made the group that did. */
export function needOwnStack(
  machine: CallingMachine | undefined,
  stack: StackRecord,
  resources: readonly ResourceRecord[],
): void {
  if (!machine || machine.tags['aws:cloudformation:stack-id'] === stack.stackId) return
  const names = [machine.instanceId, machine.tags['aws:autoscaling:groupName']]
  const isOurs = resources.some(({ current }) => {
    const { physicalId } = current
    return physicalId !== undefined && names.includes(physicalId)
  })
  if (!isOurs) throw machineOfAnotherStack(machine.instanceId, stack.stackId)
}
