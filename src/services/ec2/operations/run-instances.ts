import { everyInstance, launchInstances, runMembers } from '../launch.ts'
import { invalidParameterValue } from '../errors.ts'
import { required, tagsOf } from '../input.ts'
import { instanceView, instanceSurroundings } from '../instance-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const runInstances: Ec2Operation<'RunInstances'> = {
  accepts: { ...runMembers, ...everyInstance, MinCount: true, MaxCount: true },
  async handle(input, { scope }, deps) {
    const least = required(input.MinCount, 'MinCount')
    const count = required(input.MaxCount, 'MaxCount')
    if (least < 1 || count < least) throw invalidParameterValue(String(least), 'minCount')
    for (const { Tags } of input.TagSpecifications ?? []) tagsOf(Tags)
    const launched = await launchInstances(deps, scope, { ...input, count })
    const values = launched.map((record) => record.value)
    const around = await instanceSurroundings(deps, scope, values)
    return {
      ReservationId: values[0]?.reservationId ?? '',
      OwnerId: scope.account,
      Groups: [],
      Instances: values.map((instance) => instanceView(instance, around)),
    }
  },
}
