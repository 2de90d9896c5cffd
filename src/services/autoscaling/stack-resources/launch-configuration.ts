import type { CreateLaunchConfigurationType } from '@aws-sdk/client-auto-scaling'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import { configurationExists, configurationInUse } from '../errors.ts'
import { newConfiguration } from '../new-configuration.ts'
import type { AutoScalingDeps } from '../service-deps.ts'

/** `AWS::AutoScaling::LaunchConfiguration`: never changed, every change makes another. */
export function launchConfigurationType(deps: AutoScalingDeps): ResourceType {
  return {
    name: 'AWS::AutoScaling::LaunchConfiguration',
    properties: {
      LaunchConfigurationName: 'string',
      ImageId: 'string',
      InstanceType: 'string',
      KeyName: 'string',
      SecurityGroups: true,
      UserData: 'string',
      IamInstanceProfile: 'string',
      AssociatePublicIpAddress: 'boolean',
      SpotPrice: 'string',
      MetadataOptions: { HttpTokens: 'string', HttpEndpoint: 'string' },
    },
    required: ['ImageId', 'InstanceType'],
    attributes: [],
    replaceOn: ['LaunchConfigurationName'],
    async create(properties, context) {
      const given = properties as Partial<CreateLaunchConfigurationType>
      const name = given.LaunchConfigurationName ?? context.physicalName(255)
      await context.started(name)
      const made = newConfiguration(deps, context.scope, {
        ...given,
        LaunchConfigurationName: name,
      })
      if (!(await deps.scale.createConfiguration(context.scope, made))) {
        const held = (await deps.scale.configurations(context.scope)).find(
          (each) => each.name === name,
        )
        // A name of the stack's own is there from an earlier attempt.
        if (given.LaunchConfigurationName !== undefined && !isSame(held?.request, made.request)) {
          throw configurationExists(name)
        }
      }
      return { physicalId: name, attributes: {} }
    },
    async remove({ physicalId }, { scope }) {
      const answer = await deps.scale.removeConfiguration(scope, physicalId)
      if (answer === 'in-use') throw configurationInUse(physicalId)
    },
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
