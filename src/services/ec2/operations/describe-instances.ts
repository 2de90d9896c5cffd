import { instanceFields } from '../instance-fields.ts'
import { valuesById } from '../instance-lookup.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { instanceView, instanceSurroundings } from '../instance-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeInstances: Ec2Operation<'DescribeInstances'> = {
  accepts: { InstanceIds: true, ...describing },
  async handle(input, { scope }, deps) {
    const wanted = await valuesById(deps, scope, input.InstanceIds)
    const around = await instanceSurroundings(deps, scope, wanted)
    const shown = filtered(wanted, input.Filters, instanceFields(around))
    const { items, ...page } = paged(shown, (instance) => instance.instanceId, input)
    const reservations = Map.groupBy(items, (instance) => instance.reservationId)
    return {
      Reservations: [...reservations].map(([ReservationId, members]) => ({
        ReservationId,
        OwnerId: scope.account,
        Groups: [],
        Instances: members
          .toSorted((a, b) => a.launchIndex - b.launchIndex)
          .map((instance) => instanceView(instance, around)),
      })),
      ...page,
    }
  },
}
