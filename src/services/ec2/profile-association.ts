import type { Instance } from '../../compute/instance.ts'
import type { InstanceSurroundings } from './instance-view.ts'

/** An instance's bond to its instance profile, whose id is made from the instance's own; undefined without a profile. */
export function profileAssociation(instance: Instance, around: InstanceSurroundings) {
  const { instanceId, instanceProfileArn: Arn, state } = instance
  if (Arn === undefined || state === 'terminated') return undefined
  return {
    AssociationId: instanceId.replace('i-', 'iip-assoc-'),
    InstanceId: instanceId,
    IamInstanceProfile: { Arn, Id: around.profileIds.get(Arn) ?? '' },
    State: 'associated' as const,
  }
}
