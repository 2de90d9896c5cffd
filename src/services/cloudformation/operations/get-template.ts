import { templateBody } from '../../../stacks/stack-reader.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'

/** The body as it was given, for both stages. */
export const getTemplate: CloudFormationOperation<'GetTemplate'> = {
  accepts: { StackName: true, ChangeSetName: true, TemplateStage: true },
  async handle(input, request, deps) {
    const { store, changeSets } = deps.stacks
    const StagesAvailable: ('Original' | 'Processed')[] = ['Original', 'Processed']
    if (input.ChangeSetName !== undefined) {
      const found = await changeSets.need(request.scope, input.ChangeSetName, input.StackName)
      const { read, body } = found.value.request.source
      return { TemplateBody: read ?? body ?? '', StagesAvailable }
    }
    const stack = await needStack(deps, request.scope, input.StackName)
    const body = await templateBody(store, request.scope, stack.target.templateId)
    return { TemplateBody: body ?? '', StagesAvailable }
  },
}
