import {
  changeProfile,
  instanceOfAssociation,
  profileArnOf,
  profileSpecification,
} from '../change-profile.ts'
import { associationNotFound } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const replaceIamInstanceProfileAssociation: Ec2Operation<'ReplaceIamInstanceProfileAssociation'> =
  {
    accepts: { AssociationId: true, IamInstanceProfile: profileSpecification },
    async handle(input, { scope }, deps) {
      const id = required(input.AssociationId, 'AssociationId')
      const instanceId = instanceOfAssociation(id)
      if (!(await deps.compute.instances.find(scope, instanceId))) throw associationNotFound(id)
      const arn = await profileArnOf(deps, scope, input.IamInstanceProfile)
      const association = await changeProfile(deps, scope, {
        instanceId,
        arn,
        check(instance) {
          if (instance.instanceProfileArn === undefined) throw associationNotFound(id)
        },
      })
      return {
        IamInstanceProfileAssociation: association && { ...association, State: 'associating' },
      }
    },
  }
