import { is } from '../../../wire/accept.ts'
import { required, tagsFor } from '../input.ts'
import { launchInstances, runMembers } from '../launch.ts'
import { spotResource } from '../market-options.ts'
import type { Ec2Operation } from '../deps.ts'
import { shownRequest, spotRequestView } from '../spot-request-view.ts'

const {
  TagSpecifications,
  ClientToken: _token,
  LaunchTemplate: _template,
  PrivateIpAddress: _address,
  MetadataOptions: _metadata,
  InstanceMarketOptions: _market,
  InstanceInitiatedShutdownBehavior: _behavior,
  DisableApiTermination: _protection,
  DisableApiStop: _stopProtection,
  CreditSpecification: _credits,
  Placement: _placement,
  ...specification
} = runMembers

/** No request waits: there is capacity at once, or it is refused as a launch would be. */
export const requestSpotInstances: Ec2Operation<'RequestSpotInstances'> = {
  accepts: {
    ClientToken: true,
    InstanceCount: true,
    InstanceInterruptionBehavior: is('terminate'),
    LaunchSpecification: {
      ...specification,
      Placement: { AvailabilityZone: true, Tenancy: is('default') },
    },
    SpotPrice: true,
    TagSpecifications,
    Type: is('one-time'),
  },
  async handle(input, { scope }, deps) {
    const { BlockDeviceMappings, NetworkInterfaces, ...given } = required(
      input.LaunchSpecification,
      'LaunchSpecification',
    )
    const tags = tagsFor(spotResource, input.TagSpecifications)
    const launched = await launchInstances(deps, scope, {
      ...given,
      BlockDeviceMappings,
      NetworkInterfaces,
      Placement: { AvailabilityZone: given.Placement?.AvailabilityZone },
      InstanceMarketOptions: {
        MarketType: 'spot',
        SpotOptions: { MaxPrice: input.SpotPrice },
      },
      ...(tags.length > 0 && {
        TagSpecifications: [{ ResourceType: spotResource, Tags: [...tags] }],
      }),
      ClientToken: input.ClientToken,
      count: input.InstanceCount ?? 1,
    })
    const requests = launched.flatMap(({ value }) => shownRequest(value, deps.clock.now()))
    return { SpotInstanceRequests: requests.map(spotRequestView) }
  },
}
