import { burstsWithoutLimit, creditsOf } from '../cpu-credits.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import type { Ec2Operation } from '../deps.ts'

/** Without ids it shows those that were asked to burst without limit, as EC2 does. */
export const describeInstanceCreditSpecifications: Ec2Operation<'DescribeInstanceCreditSpecifications'> =
  {
    accepts: { InstanceIds: true, ...describing },
    async handle(input, { scope }, deps) {
      const found = await valuesById(deps, scope, input.InstanceIds)
      const isAsked = (input.InstanceIds ?? []).length > 0
      const wanted = isAsked ? found : found.filter(burstsWithoutLimit)
      const shown = filtered(wanted, input.Filters, {
        'instance-id': (instance) => instance.instanceId,
      })
      const { items, ...page } = paged(shown, (instance) => instance.instanceId, input)
      return {
        InstanceCreditSpecifications: items.flatMap((instance) => {
          const CpuCredits = creditsOf(instance)
          return CpuCredits === undefined ? [] : [{ InstanceId: instance.instanceId, CpuCredits }]
        }),
        ...page,
      }
    },
  }
