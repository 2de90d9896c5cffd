import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { groupNotFound, pendingDelete, refreshInProgress, validationError } from '../errors.ts'
import { checkTemplate } from '../check-template.ts'
import { checkPreferences, fixedVersion, resolvedVersion } from '../refresh-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const startInstanceRefresh: Operation<
  AutoScalingOperations,
  'StartInstanceRefresh',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    Strategy: is('Rolling'),
    DesiredConfiguration: {
      LaunchTemplate: { LaunchTemplateId: true, LaunchTemplateName: true, Version: true },
    },
    Preferences: {
      MinHealthyPercentage: true,
      MaxHealthyPercentage: true,
      InstanceWarmup: true,
      CheckpointPercentages: true,
      CheckpointDelay: true,
      SkipMatching: true,
      AutoRollback: true,
      ScaleInProtectedInstances: true,
      StandbyInstances: is('Ignore'),
      BakeTime: true,
    },
  },
  async handle(input, request, deps) {
    const { scope } = request
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const preferences = checkPreferences(group, input.Preferences ?? {})
    const wanted = input.DesiredConfiguration?.LaunchTemplate
    const desiredTemplate = wanted && (await checkTemplate(deps, scope, wanted))
    const original = desiredTemplate && fixedVersion(group.launchTemplate)
    if (preferences.rollsBack && !original) {
      throw validationError(
        'AutoRollback requires a DesiredConfiguration, and a group whose launch template version is a number rather than $Latest or $Default',
      )
    }
    const answer = await deps.scale.startRefresh(scope, group.name, {
      preferences,
      target: await resolvedVersion(deps, scope, desiredTemplate ?? group.launchTemplate),
      given: input.DesiredConfiguration ? { DesiredConfiguration: input.DesiredConfiguration } : {},
      ...(desiredTemplate ? { desiredTemplate } : {}),
      ...(original ? { original } : {}),
    })
    if (answer === 'unknown') throw groupNotFound(group.name)
    if (answer === 'deleting') throw pendingDelete(group.name)
    if (answer === 'in-progress') throw refreshInProgress(group.name)
    return { InstanceRefreshId: answer.refreshId }
  },
}
