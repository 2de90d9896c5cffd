import type { Scope } from '../../kernel/scope.ts'
import { findStack, resourcesOf } from '../../stacks/stack-reader.ts'
import type { ResourceRecord, StackRecord } from '../../stacks/stack-records.ts'
import type { CloudFormationDeps } from './cloudformation-operation.ts'
import { validationError } from './errors.ts'

/** A stack by name or ARN. AWS words its absence by operation; `missing` says how. */
export async function needStack(
  deps: CloudFormationDeps,
  scope: Scope,
  nameOrId: string | undefined,
  missing: (nameOrId: string) => string = (name) => `Stack with id ${name} does not exist`,
): Promise<StackRecord> {
  const name = nameOrId ?? ''
  const found = await findStack(deps.stacks.store, scope, name)
  if (!found) throw validationError(missing(name))
  return found.value
}

/** The stack's resources, sorted by logical id. */
export async function listResources(
  deps: CloudFormationDeps,
  scope: Scope,
  stack: StackRecord,
): Promise<readonly ResourceRecord[]> {
  return resourcesOf(deps.stacks.store, scope, stack.uuid)
}
