import type { Operation } from '../../../wire/service.ts'
import { configurationInUse, configurationNotFound } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const deleteLaunchConfiguration: Operation<
  AutoScalingOperations,
  'DeleteLaunchConfiguration',
  AutoScalingDeps
> = {
  accepts: { LaunchConfigurationName: true },
  async handle(input, request, deps) {
    const name = input.LaunchConfigurationName ?? ''
    const answer = await deps.scale.removeConfiguration(request.scope, name)
    if (answer === 'unknown') throw configurationNotFound(name)
    if (answer === 'in-use') throw configurationInUse(name)
    return {}
  },
}
