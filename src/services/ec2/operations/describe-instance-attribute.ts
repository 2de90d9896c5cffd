import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { groupViews } from '../instance-view.ts'
import { valuesById } from '../instance-lookup.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import { instanceSurroundings } from '../instance-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeInstanceAttribute: Ec2Operation<'DescribeInstanceAttribute'> = {
  accepts: { InstanceId: true, Attribute: true },
  async handle(input, { scope }, deps) {
    const id = required(input.InstanceId, 'instanceId')
    const found = await valuesById(deps, scope, [id])
    const [instance] = found
    if (!instance) throw instanceNotFound(id)
    const { groupNames } = await instanceSurroundings(deps, scope, found)
    const answer = { InstanceId: id }
    const attribute: string = input.Attribute ?? ''
    switch (attribute) {
      case 'instanceType':
        return { ...answer, InstanceType: { Value: instance.instanceType } }
      case 'userData':
        return { ...answer, UserData: instance.userData ? { Value: instance.userData } : {} }
      case 'disableApiTermination':
        return { ...answer, DisableApiTermination: { Value: instance.isProtected ?? false } }
      case 'instanceInitiatedShutdownBehavior': {
        const Value = instance.shutdownBehavior ?? 'stop'
        return { ...answer, InstanceInitiatedShutdownBehavior: { Value } }
      }
      case 'groupSet':
        return { ...answer, Groups: groupViews(instance.securityGroupIds, groupNames) }
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}
