import { noneThere } from '../errors.ts'
import { chosen, filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'
import { spotRequestFields, spotRequests, spotRequestView } from '../spot-request-view.ts'

export const describeSpotInstanceRequests: Ec2Operation<'DescribeSpotInstanceRequests'> = {
  accepts: { SpotInstanceRequestIds: true, ...describing },
  async handle(input, { scope }, deps) {
    const all = await spotRequests(deps, scope)
    const wanted = chosen(all, input.SpotInstanceRequestIds, {
      idOf: ({ spot }) => spot.requestId,
      missing: (id) => noneThere('InvalidSpotInstanceRequestID.NotFound', id),
    })
    const shown = filtered(wanted, input.Filters, spotRequestFields)
    const { items, ...page } = paged(shown, ({ spot }) => spot.requestId, input)
    return { SpotInstanceRequests: items.map(spotRequestView), ...page }
  },
}
