import type { Operation } from '../../../wire/service.ts'
import { empty, is } from '../../../wire/accept.ts'
import { configurationExists } from '../errors.ts'
import { newConfiguration } from '../new-configuration.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const createLaunchConfiguration: Operation<
  AutoScalingOperations,
  'CreateLaunchConfiguration',
  AutoScalingDeps
> = {
  accepts: {
    LaunchConfigurationName: true,
    ImageId: true,
    InstanceType: true,
    KeyName: true,
    SecurityGroups: true,
    UserData: true,
    IamInstanceProfile: true,
    AssociatePublicIpAddress: true,
    SpotPrice: true,
    MetadataOptions: { HttpTokens: true, HttpEndpoint: true },
    InstanceMonitoring: { Enabled: is(false) },
    EbsOptimized: is(false),
    PlacementTenancy: is('default'),
    KernelId: is(''),
    RamdiskId: is(''),
    ClassicLinkVPCSecurityGroups: empty,
    BlockDeviceMappings: empty,
  },
  async handle(input, request, deps) {
    const made = newConfiguration(deps, request.scope, input)
    if (!(await deps.scale.createConfiguration(request.scope, made))) {
      throw configurationExists(made.name)
    }
    return {}
  },
}
