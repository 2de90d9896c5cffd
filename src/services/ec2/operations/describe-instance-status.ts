import { instanceFields } from '../instance-fields.ts'
import { valuesById } from '../instance-lookup.ts'
import { filtered, paged } from '../filters.ts'
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
    const fields = instanceFields(around)
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (instance) => instance.instanceId, input)
    return {
      InstanceStatuses: items.map((instance) => {
        // The machine is watched without a pause: while it runs, it and its host are reached.
        const isRunning = instance.state === 'running'
        const status = {
          Status: isRunning ? ('ok' as const) : ('not-applicable' as const),
          Details: isRunning ? [{ Name: 'reachability' as const, Status: 'passed' as const }] : [],
        }
        return {
          InstanceId: instance.instanceId,
          AvailabilityZone: instance.zone,
          InstanceState: stateOf(instance.state),
          InstanceStatus: status,
          SystemStatus: status,
          Events: [],
        }
      }),
      ...page,
    }
  },
}
