import type { Scope } from '../../kernel/scope.ts'
import { capabilitiesOf } from '../../stacks/domain/check-resource-types.ts'
import type { Template } from '../../stacks/domain/template.ts'
import { readBody, type TemplateSource } from '../../stacks/read-body.ts'
import type { CloudFormationDeps } from './cloudformation-operation.ts'
import { capabilitiesView } from './stack-view.ts'

/** A template that is looked at without a stack. Throws what is wrong with it. */
export async function readTemplateOf(
  deps: CloudFormationDeps,
  scope: Scope,
  source: TemplateSource,
): Promise<Template> {
  const body = await readBody(deps.stacks.targets.objects, scope, source)
  const { templates } = deps.stacks.targets
  await templates.load(body)
  return templates.read(body)
}

/** What the resources need the caller to agree to; conditions are not known yet, so all of them count. */
export function capabilityMembers(
  deps: CloudFormationDeps,
  template: Template,
): {
  Capabilities: ReturnType<typeof capabilitiesView>
  CapabilitiesReason?: string
} {
  const all = new Set(template.resources.keys())
  const { capabilities, types } = capabilitiesOf(template, all, deps.stacks.targets.typeOf)
  const reason = `The following resource(s) require capabilities: [${types.join(', ')}]`
  return {
    Capabilities: capabilitiesView(capabilities),
    ...(types.length === 0 ? {} : { CapabilitiesReason: reason }),
  }
}
