import type { Scope } from '../kernel/scope.ts'
import type { Records } from '../store/records.ts'
import { holdImports } from './exports.ts'
import type { PreparedTarget } from './prepare-target.ts'
import { templateBodies, type StackRecord, type StackTarget } from './stack-records.ts'

/** Keeps what a stack is to be under its generation, and holds the exports that it uses. */
export async function storeTarget(
  records: Records,
  scope: Scope,
  stack: Pick<StackRecord, 'uuid' | 'generation'>,
  prepared: PreparedTarget,
): Promise<StackTarget> {
  const templateId = `${stack.uuid}/${stack.generation}`
  const at = { scope, id: templateId, owner: stack.uuid }
  await records.insert(templateBodies, at, { body: prepared.body })
  await holdImports(records, scope, stack.uuid, prepared.target.imports ?? {})
  return { ...prepared.target, templateId }
}
