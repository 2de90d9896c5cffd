import type { Scope } from '../../kernel/scope.ts'
import { partitionOf } from '../../kernel/scope.ts'

/** AWS's own types have no account. */
export function typeArn({ region }: Scope, name: string): string {
  const path = name.replaceAll('::', '-')
  return `arn:${partitionOf(region)}:cloudformation:${region}::type/resource/${path}`
}
