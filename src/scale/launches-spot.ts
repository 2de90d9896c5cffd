import type { Scope } from '../kernel/scope.ts'
import type { Group } from './group.ts'
import type { ScalePorts } from './scale.ts'

/** Whether what a group launches from asks for spot itself. A template that cannot be read now asks for nothing. */
export async function launchesSpot(
  { launchTemplates }: Pick<ScalePorts, 'launchTemplates'>,
  scope: Scope,
  { launchTemplate }: Pick<Group, 'launchTemplate'>,
): Promise<boolean> {
  const { launchTemplateId, version } = launchTemplate
  try {
    const found = await launchTemplates.resolve(scope, { launchTemplateId, version })
    return found?.request.spot !== undefined
  } catch {
    return false
  }
}
