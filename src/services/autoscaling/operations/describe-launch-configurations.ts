import type { Operation } from '../../../wire/service.ts'
import { byName, nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeLaunchConfigurations: Operation<
  AutoScalingOperations,
  'DescribeLaunchConfigurations',
  AutoScalingDeps
> = {
  accepts: { LaunchConfigurationNames: true, MaxRecords: true, NextToken: true },
  async handle(input, request, deps) {
    const names = input.LaunchConfigurationNames ?? []
    const chosen = (await deps.scale.configurations(request.scope))
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .toSorted(byName(({ name }) => name))
    const found = page(chosen, ({ name }) => name, input)
    const shapes = found.items.map(({ name, arn, createdAt, request: launch, given }) => ({
      SecurityGroups: [],
      BlockDeviceMappings: [],
      InstanceMonitoring: { Enabled: false },
      EbsOptimized: false,
      ...given,
      LaunchConfigurationName: name,
      LaunchConfigurationARN: arn,
      ImageId: launch.imageId,
      InstanceType: launch.instanceType,
      CreatedTime: new Date(createdAt),
    }))
    return { LaunchConfigurations: shapes, ...nextToken(found) }
  },
}
