import type { Scope } from '../../kernel/scope.ts'
import { Refusal } from '../../network/refusal.ts'
import type { GroupTemplate } from '../../scale/group.ts'
import { validationError } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** The launch template that a request means; it must be there, and one that instances can be made from. */
export async function checkTemplate(
  deps: AutoScalingDeps,
  scope: Scope,
  given: {
    LaunchTemplateId?: string | undefined
    LaunchTemplateName?: string | undefined
    Version?: string | undefined
  },
): Promise<GroupTemplate> {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version = '$Default' } = given
  if ((id === undefined) === (name === undefined)) {
    throw validationError(
      'Valid requests must contain either launchTemplateId or LaunchTemplateName',
    )
  }
  const ref = id === undefined ? { launchTemplateName: name ?? '' } : { launchTemplateId: id }
  const found = await deps.scale.ports.launchTemplates
    .resolve(scope, { ...ref, version })
    .catch((thrown: unknown) => {
      throw thrown instanceof Refusal ? validationError(thrown.message) : thrown
    })
  if (!found) {
    const what = id === undefined ? `name ${name}` : `ID ${id}`
    throw validationError(
      `You must use a valid fully-formed launch template. The specified launch template, with template ${what} ` +
        `and version ${version}, does not exist.`,
    )
  }
  const { launchTemplateId, launchTemplateName } = found
  return { launchTemplateId, launchTemplateName, version }
}
