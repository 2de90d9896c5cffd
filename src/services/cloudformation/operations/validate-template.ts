import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { sourceOf } from '../request-members.ts'
import { capabilityMembers, readTemplateOf } from '../template-summary.ts'

/** Shape, functions and names; like AWS's, it does not look at resource types and their properties. */
export const validateTemplate: CloudFormationOperation<'ValidateTemplate'> = {
  accepts: { TemplateBody: true, TemplateURL: true },
  async handle(input, request, deps) {
    const template = await readTemplateOf(deps, request.scope, sourceOf(input, request))
    return {
      Parameters: [...template.parameters.values()].map((parameter) => ({
        ParameterKey: parameter.name,
        ...(parameter.default === undefined ? {} : { DefaultValue: parameter.default }),
        NoEcho: parameter.noEcho,
        ...(parameter.description === undefined ? {} : { Description: parameter.description }),
      })),
      ...(template.description === undefined ? {} : { Description: template.description }),
      ...capabilityMembers(deps, template),
    }
  },
}
