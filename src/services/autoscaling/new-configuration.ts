import type { CreateLaunchConfigurationType } from '@aws-sdk/client-auto-scaling'
import { arnOf } from '../../kernel/arn.ts'
import { uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { LaunchConfiguration } from '../../scale/launch-configurations.ts'
import { validationError } from './errors.ts'
import { isPrice } from './mixed-instances.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** AWS's bound, before Base64. */
const userDataBytesMax = 16_384

/** A launch configuration out of a request, checked. */
export function newConfiguration(
  deps: AutoScalingDeps,
  scope: Scope,
  input: CreateLaunchConfigurationType,
): LaunchConfiguration {
  const { clock, random } = deps.scale.context
  const { LaunchConfigurationName: name, ImageId: imageId, InstanceType: instanceType } = input
  if (!name || name.length > 255) {
    throw validationError('LaunchConfigurationName must have between 1 and 255 characters')
  }
  if (!imageId || !instanceType) {
    throw validationError(
      `Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.`,
    )
  }
  const groups = input.SecurityGroups ?? []
  const stranger = groups.find((id) => !/^sg-[0-9a-z]+$/.test(id))
  if (stranger !== undefined) {
    throw validationError(
      `The security group '${stranger}' is not an id; names are not supported here`,
    )
  }
  const { HttpTokens, HttpEndpoint } = input.MetadataOptions ?? {}
  if (HttpTokens !== undefined && HttpTokens !== 'optional' && HttpTokens !== 'required') {
    throw validationError('HttpTokens is optional or required')
  }
  const userData = checkUserData(input.UserData)
  const { SpotPrice: price } = input
  if (price && !isPrice(price)) {
    throw validationError(`SpotPrice ${price} is not a price: a decimal number above 0`)
  }
  const resource = `launchConfiguration:${uuid(random)}:launchConfigurationName/${name}`
  const { LaunchConfigurationName: _name, ...given } = input
  return {
    name,
    arn: arnOf('autoscaling', scope, resource),
    createdAt: clock.now(),
    given,
    request: {
      imageId,
      instanceType,
      tags: [],
      ...(groups.length > 0 ? { securityGroupIds: groups } : {}),
      ...(input.KeyName ? { keyName: input.KeyName } : {}),
      ...(input.IamInstanceProfile ? { instanceProfile: input.IamInstanceProfile } : {}),
      ...(input.AssociatePublicIpAddress === undefined
        ? {}
        : { associatePublicAddress: input.AssociatePublicIpAddress }),
      ...(price ? { spot: { maxPrice: price } } : {}),
      ...(userData === undefined ? {} : { userData }),
      ...(HttpTokens === undefined ? {} : { metadataTokens: HttpTokens }),
      ...(HttpEndpoint === undefined ? {} : { metadataEnabled: HttpEndpoint === 'enabled' }),
    },
  }
}

function checkUserData(text: string | undefined): string | undefined {
  if (!text) return undefined
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) {
    throw validationError('Invalid BASE64 encoding of user data')
  }
  if ((text.length * 3) / 4 > userDataBytesMax) {
    throw validationError('User data is limited to 16384 bytes')
  }
  return text
}
