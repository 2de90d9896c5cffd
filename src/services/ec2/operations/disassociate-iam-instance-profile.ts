import { changeProfile, instanceOfAssociation } from '../change-profile.ts'
import { associationNotFound } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const disassociateIamInstanceProfile: Ec2Operation<'DisassociateIamInstanceProfile'> = {
  accepts: { AssociationId: true },
  async handle(input, { scope }, deps) {
    const id = required(input.AssociationId, 'AssociationId')
    const instanceId = instanceOfAssociation(id)
    if (!(await deps.compute.instances.find(scope, instanceId))) throw associationNotFound(id)
    const association = await changeProfile(deps, scope, {
      instanceId,
      arn: undefined,
      check(instance) {
        if (instance.instanceProfileArn === undefined) throw associationNotFound(id)
      },
    })
    return {
      IamInstanceProfileAssociation: association && { ...association, State: 'disassociating' },
    }
  },
}
