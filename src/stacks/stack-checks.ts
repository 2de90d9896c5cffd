import type { StackRecord } from './stack-records.ts'
import { invalid, StackRefusal } from './stack-refusal.ts'
import type { StackStatus } from './stack-status.ts'

/** Throws a `StackRefusal` for a name that no stack may have. */
export function checkName(name: string): void {
  if (name.length <= 128 && /^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) return
  throw invalid(
    name.length > 128
      ? `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must have length less than or equal to 128`
      : `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  )
}

/** AWS words the same absence differently by operation. */
export const withId = (nameOrId: string): string => `Stack with id ${nameOrId} does not exist`
export const bracketed = (nameOrId: string): string => `Stack [${nameOrId}] does not exist`

export function alreadyExists(name: string): StackRefusal {
  return new StackRefusal('AlreadyExistsException', `Stack [${name}] already exists`)
}

export function tokenTaken(token: string): StackRefusal {
  return new StackRefusal(
    'TokenAlreadyExistsException',
    `A client request token '${token}' was already used for another operation`,
  )
}

export function isIn(stack: StackRecord, statuses: readonly StackStatus[]): boolean {
  return statuses.includes(stack.status)
}

const updatable: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]

export function needUpdatable(stack: StackRecord): void {
  if (isIn(stack, updatable)) return
  throw invalid(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`)
}
