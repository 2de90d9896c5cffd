import type { OperationDefinition } from '../../wire/service.ts'
import type { Ec2Deps } from './deps.ts'
import { dryRunOperation } from './errors.ts'

/** What all operations of EC2 share: a dry run ends before anything is done. */
export function guarded<Input extends object, Output extends object>(
  operation: OperationDefinition<Input, Output, Ec2Deps>,
): OperationDefinition<Input, Output, Ec2Deps> {
  return {
    accepts: { ...operation.accepts, DryRun: true },
    handle(input, request, deps) {
      if ('DryRun' in input && input.DryRun === true) throw dryRunOperation()
      return operation.handle(input, request, deps)
    },
  }
}
