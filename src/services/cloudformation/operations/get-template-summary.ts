import type {
  GetTemplateSummaryOutput,
  ParameterDeclaration as ParameterView,
} from '@aws-sdk/client-cloudformation'
import { checkResourceTypes } from '../../../stacks/domain/check-resource-types.ts'
import type { ParameterDeclaration, Template } from '../../../stacks/domain/template.ts'
import type { TargetContext } from '../../../stacks/prepare-target.ts'
import { templateBody } from '../../../stacks/stack-reader.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'
import { sourceOf } from '../request-members.ts'
import { capabilityMembers, readTemplateOf } from '../template-summary.ts'

export const getTemplateSummary: CloudFormationOperation<'GetTemplateSummary'> = {
  accepts: {
    TemplateBody: true,
    TemplateURL: true,
    StackName: true,
    TemplateSummaryConfig: { TreatUnrecognizedResourceTypesAsWarnings: true },
  },
  async handle(input, request, deps) {
    const { templates, typeOf } = deps.stacks.targets
    const stack =
      input.StackName === undefined
        ? undefined
        : await needStack(deps, request.scope, input.StackName)
    const body = stack
      ? await templateBody(deps.stacks.store, request.scope, stack.target.templateId)
      : undefined
    if (body !== undefined) await templates.load(body)
    const template =
      body === undefined
        ? await readTemplateOf(deps, request.scope, sourceOf(input, request))
        : templates.read(body, stack?.target.parameters)
    const types = new Set([...template.resources.values()].map(({ type }) => type))
    const unknown = [...types].filter((type) => !typeOf(type))
    if (!input.TemplateSummaryConfig?.TreatUnrecognizedResourceTypesAsWarnings) {
      checkResourceTypes(template, new Set(template.resources.keys()), typeOf)
    }
    return {
      Parameters: [...template.parameters.values()].map(parameterView),
      ...(template.description === undefined ? {} : { Description: template.description }),
      ...capabilityMembers(deps, template),
      ResourceTypes: [...types].toSorted(),
      ...identifiersOf(template, typeOf),
      Version: '2010-09-09',
      ...(template.metadata === undefined ? {} : { Metadata: JSON.stringify(template.metadata) }),
      ...(unknown.length === 0 ? {} : { Warnings: { UnrecognizedResourceTypes: unknown } }),
    }
  },
}

/** By what a change set of type IMPORT names the resources that it may take over. */
function identifiersOf(
  { resources }: Template,
  typeOf: TargetContext['typeOf'],
): Pick<GetTemplateSummaryOutput, 'ResourceIdentifierSummaries'> {
  const types = [...new Set([...resources.values()].map(({ type }) => type))].toSorted()
  const summaries = types.flatMap((type) => {
    const identifier = typeOf(type)?.inventory?.identifier
    const ids = [...resources].filter(([, each]) => each.type === type).map(([id]) => id)
    const known = { ResourceType: type, LogicalResourceIds: ids }
    return identifier === undefined ? [] : [{ ...known, ResourceIdentifiers: [identifier] }]
  })
  return summaries.length === 0 ? {} : { ResourceIdentifierSummaries: summaries }
}

function parameterView(parameter: ParameterDeclaration): ParameterView {
  const { allowedValues } = parameter
  return {
    ParameterKey: parameter.name,
    ...(parameter.default === undefined ? {} : { DefaultValue: parameter.default }),
    ParameterType: parameter.type,
    NoEcho: parameter.noEcho,
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    ParameterConstraints: allowedValues ? { AllowedValues: [...allowedValues] } : {},
  }
}
