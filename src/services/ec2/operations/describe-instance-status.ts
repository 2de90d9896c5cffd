import type { Instance } from '../../../compute/instance.ts'
import type { MachineImpairment } from '../../../protocol/machine.ts'
import { instanceFields } from '../instance-fields.ts'
import { valuesById } from '../instance-lookup.ts'
import { filtered, metByNothing, paged, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { instanceSurroundings, stateOf } from '../instance-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeInstanceStatus: Ec2Operation<'DescribeInstanceStatus'> = {
  accepts: { InstanceIds: true, IncludeAllInstances: true, ...describing },
  async handle(input, { scope }, deps) {
    const all = await valuesById(deps, scope, input.InstanceIds)
    const wanted = all.filter(
      (instance) => input.IncludeAllInstances === true || instance.state === 'running',
    )
    const around = await instanceSurroundings(deps, scope, wanted)
    const now = deps.clock.now()
    const fields = { ...instanceFields(around), ...statusFields(now) }
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (instance) => instance.instanceId, input)
    return {
      InstanceStatuses: items.map((instance) => {
        return {
          InstanceId: instance.instanceId,
          AvailabilityZone: instance.zone,
          InstanceState: stateOf(instance.state),
          // Its link is the host's affair, its processes are its own.
          InstanceStatus: statusOf(instance, 'paused', now),
          SystemStatus: statusOf(instance, 'no-link', now),
          Events: [],
        }
      }),
      ...page,
    }
  },
}

function statusFields(now: number): FilterFields<Instance> {
  const check = (name: string, fault: MachineImpairment): FilterFields<Instance> => ({
    [`${name}.status`]: (instance) => statusOf(instance, fault, now).Status,
    [`${name}.reachability`]: (instance) => statusOf(instance, fault, now).Details[0]?.Status,
  })
  return {
    ...check('instance-status', 'paused'),
    ...check('system-status', 'no-link'),
    'operator.managed': () => 'false',
    ...metByNothing(
      'operator.principal',
      'attached-ebs-status.status',
      'event.code',
      'event.description',
      'event.instance-event-id',
      'event.not-after',
      'event.not-before',
      'event.not-before-deadline',
    ),
  }
}

/** The host looks at its machines once a second. */
const firstCheckMilliseconds = 1000

/** The machine is looked at all the time: its first process, and the link that it hangs on. */
function statusOf(instance: Instance, fault: MachineImpairment, now: number) {
  if (instance.state !== 'running') return { Status: 'not-applicable' as const, Details: [] }
  const { impairment } = instance
  const Name = 'reachability' as const
  const isUnchecked = now < (instance.runningSince ?? 0) + firstCheckMilliseconds
  if (impairment === undefined && isUnchecked) {
    return { Status: 'initializing' as const, Details: [{ Name, Status: 'initializing' as const }] }
  }
  if (impairment?.kind !== fault) {
    return { Status: 'ok' as const, Details: [{ Name, Status: 'passed' as const }] }
  }
  const ImpairedSince = new Date(impairment.since)
  return {
    Status: 'impaired' as const,
    Details: [{ Name, Status: 'failed' as const, ImpairedSince }],
  }
}
