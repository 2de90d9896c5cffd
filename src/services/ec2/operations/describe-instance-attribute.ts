import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { groupViews } from '../instance-view.ts'
import { valuesById } from '../instance-lookup.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { instanceSurroundings, instanceView } from '../instance-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeInstanceAttribute: Ec2Operation<'DescribeInstanceAttribute'> = {
  accepts: { InstanceId: true, Attribute: true },
  async handle(input, { scope }, deps) {
    const id = required(input.InstanceId, 'instanceId')
    const found = await valuesById(deps, scope, [id])
    const [instance] = found
    if (!instance) throw instanceNotFound(id)
    const around = await instanceSurroundings(deps, scope, found)
    const { groupNames } = around
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
      case 'disableApiStop':
        return { ...answer, DisableApiStop: { Value: instance.isStopProtected ?? false } }
      case 'sourceDestCheck':
        return { ...answer, SourceDestCheck: { Value: true } }
      case 'ebsOptimized':
        return { ...answer, EbsOptimized: { Value: instance.ebsOptimized ?? false } }
      case 'enaSupport':
        return { ...answer, EnaSupport: { Value: true } }
      case 'rootDeviceName':
        return { ...answer, RootDeviceName: { Value: rootDevice } }
      case 'blockDeviceMapping': {
        const { BlockDeviceMappings: mappings = [] } = instanceView(instance, around)
        return { ...answer, BlockDeviceMappings: mappings }
      }
      case 'productCodes':
        return { ...answer, ProductCodes: [] }
      case 'sriovNetSupport':
        return { ...answer, SriovNetSupport: { Value: 'simple' } }
      case 'enclaveOptions':
        return { ...answer, EnclaveOptions: { Enabled: false } }
      case 'kernel':
      case 'ramdisk':
        return answer
      case 'groupSet':
        return { ...answer, Groups: groupViews(instance.securityGroupIds, groupNames) }
      default:
        throw invalidParameterValue(attribute, 'attribute')
    }
  },
}
