import { spotStatus } from '../../../compute/domain/spot.ts'
import { missingParameter, noneThere } from '../errors.ts'
import { chosen } from '../filters.ts'
import type { Ec2Operation } from '../deps.ts'
import { spotRequests } from '../spot-request-view.ts'

/** Their instances run on, as on EC2. */
export const cancelSpotInstanceRequests: Ec2Operation<'CancelSpotInstanceRequests'> = {
  accepts: { SpotInstanceRequestIds: true },
  async handle(input, { scope }, deps) {
    const ids = input.SpotInstanceRequestIds ?? []
    if (ids.length === 0) throw missingParameter('SpotInstanceRequestId')
    const wanted = chosen(await spotRequests(deps, scope), ids, {
      idOf: ({ spot }) => spot.requestId,
      missing: (id) => noneThere('InvalidSpotInstanceRequestID.NotFound', id),
    })
    const now = deps.clock.now()
    for (const { instance } of wanted) {
      if (spotStatus(instance, now).state !== 'active') continue
      await deps.compute.instances.change(scope, instance.instanceId, (value) =>
        value.spot ? { ...value, spot: { cancelledAt: now, ...value.spot } } : value,
      )
    }
    return {
      CancelledSpotInstanceRequests: wanted.map(({ instance, spot }) => ({
        SpotInstanceRequestId: spot.requestId,
        State:
          spotStatus(instance, now).state === 'closed'
            ? ('closed' as const)
            : ('cancelled' as const),
      })),
    }
  },
}
