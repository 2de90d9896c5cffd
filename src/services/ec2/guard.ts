import { Refusal } from '../../network/refusal.ts'
import type { OperationDefinition } from '../../wire/service.ts'
import type { Ec2Deps } from './deps.ts'
import { dryRunOperation, refused } from './errors.ts'

/** What an engine refuses becomes EC2's error; everything else stays what it is. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw thrown instanceof Refusal ? refused(thrown) : thrown
  }
}

/** What all operations of EC2 share: dry runs, and refusals in EC2's form. */
export function guarded<Input extends object, Output extends object>(
  operation: OperationDefinition<Input, Output, Ec2Deps>,
): OperationDefinition<Input, Output, Ec2Deps> {
  return {
    accepts: { ...operation.accepts, DryRun: true },
    handle(input, request, deps) {
      if ('DryRun' in input && input.DryRun === true) throw dryRunOperation()
      return translated(() => operation.handle(input, request, deps))
    },
  }
}
