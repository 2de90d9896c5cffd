import type { SpotInstanceRequest } from '@aws-sdk/client-ec2'
import { spotStatus, type SpotRequest } from '../../compute/domain/spot.ts'
import { instances, type Instance } from '../../compute/instance.ts'
import type { Scope } from '../../kernel/scope.ts'
import { valuesOf } from '../../network/lookup.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { Ec2Deps } from './deps.ts'
import { metByNothing, type FilterFields } from './filters.ts'

/** A request for spot and what became of it: each has exactly one instance. */
export interface ShownRequest {
  readonly instance: Instance
  readonly spot: SpotRequest
  readonly now: number
  readonly tags: readonly Tag[]
}

/** As long as their instances are shown, in the order in which they were made. */
export async function spotRequests(
  { store, clock }: Ec2Deps,
  scope: Scope,
): Promise<readonly ShownRequest[]> {
  const all = await valuesOf(store, instances, scope)
  return all.flatMap((instance) => shownRequest(instance, clock.now()))
}

/** Nothing of an instance on demand. */
export function shownRequest(instance: Instance, now: number): readonly ShownRequest[] {
  const { spot } = instance
  return spot ? [{ instance, spot, now, tags: spot.tags ?? [] }] : []
}

export const spotRequestFields: FilterFields<ShownRequest> = {
  'spot-instance-request-id': ({ spot }) => spot.requestId,
  'create-time': ({ spot }) => new Date(spot.createdAt).toISOString(),
  'instance-id': ({ instance }) => instance.instanceId,
  'launch.group-id': ({ instance }) => instance.securityGroupIds,
  'launch.image-id': ({ instance }) => instance.imageId,
  'launch.instance-type': ({ instance }) => instance.instanceType,
  'launch.key-name': ({ instance }) => instance.keyName,
  'launched-availability-zone': ({ instance }) => instance.zone,
  'network-interface.subnet-id': ({ instance }) => instance.subnetId,
  'product-description': () => 'Linux/UNIX',
  'spot-price': ({ spot }) => spot.maxPrice,
  state: ({ instance, now }) => spotStatus(instance, now).state,
  'status-code': ({ instance, now }) => spotStatus(instance, now).code,
  'status-message': ({ instance, now }) => spotStatus(instance, now).message,
  type: () => 'one-time',
  ...metByNothing('availability-zone-group', 'launch-group', 'valid-from', 'valid-until'),
}

export function spotRequestView({ instance, spot, now, tags }: ShownRequest): SpotInstanceRequest {
  const { state, code, message } = spotStatus(instance, now)
  const { interruption, terminatedAt } = instance
  const changed = [interruption?.endsAt, interruption?.warnedAt].find((at = now + 1) => at <= now)
  const updatedAt = terminatedAt ?? changed ?? spot.cancelledAt ?? spot.createdAt
  return {
    SpotInstanceRequestId: spot.requestId,
    CreateTime: new Date(spot.createdAt),
    InstanceId: instance.instanceId,
    InstanceInterruptionBehavior: 'terminate',
    LaunchSpecification: {
      ImageId: instance.imageId,
      InstanceType: instance.instanceType as NonNullable<
        SpotInstanceRequest['LaunchSpecification']
      >['InstanceType'],
      ...(instance.keyName !== undefined && { KeyName: instance.keyName }),
      Placement: { AvailabilityZone: instance.zone },
      SecurityGroups: instance.securityGroupIds.map((GroupId) => ({ GroupId })),
      SubnetId: instance.subnetId,
      Monitoring: { Enabled: instance.isMonitored === true },
    },
    LaunchedAvailabilityZone: instance.zone,
    ProductDescription: 'Linux/UNIX',
    ...(spot.maxPrice !== undefined && { SpotPrice: spot.maxPrice }),
    State: state,
    Status: { Code: code, Message: message, UpdateTime: new Date(updatedAt) },
    Tags: [...tags],
    Type: 'one-time',
  }
}
