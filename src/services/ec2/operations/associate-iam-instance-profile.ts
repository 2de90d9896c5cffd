import { Refusal } from '../../../network/refusal.ts'
import { changeProfile, profileArnOf, profileSpecification } from '../change-profile.ts'
import { instanceIds, required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const associateIamInstanceProfile: Ec2Operation<'AssociateIamInstanceProfile'> = {
  accepts: { InstanceId: true, IamInstanceProfile: profileSpecification },
  async handle(input, { scope }, deps) {
    const instanceId = required(input.InstanceId, 'InstanceId')
    instanceIds([instanceId])
    const arn = await profileArnOf(deps, scope, input.IamInstanceProfile)
    const association = await changeProfile(deps, scope, {
      instanceId,
      arn,
      check(instance) {
        if (instance.instanceProfileArn === undefined) return
        throw new Refusal(
          'IncorrectState',
          `There is an existing association for instance ${instanceId}`,
        )
      },
    })
    return {
      IamInstanceProfileAssociation: association && { ...association, State: 'associating' },
    }
  },
}
