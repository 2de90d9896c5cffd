import { globalScopeOf, groups, roles, users } from '../../identity/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Records } from '../../store/records.ts'

/** All that may hold policies. */
export async function allHolders(records: Records, scope: Scope) {
  const at = globalScopeOf(scope)
  return {
    roles: (await records.list(roles, at)).map(({ value }) => value),
    users: (await records.list(users, at)).map(({ value }) => value),
    groups: (await records.list(groups, at)).map(({ value }) => value),
  }
}

type Holders = Awaited<ReturnType<typeof allHolders>>

/** Who a policy is attached to. */
export async function holdersOf(records: Records, scope: Scope, arn: string): Promise<Holders> {
  const all = await allHolders(records, scope)
  const isHeld = (holder: { readonly attachedPolicyArns: readonly string[] }): boolean =>
    holder.attachedPolicyArns.includes(arn)
  return {
    roles: all.roles.filter(isHeld),
    users: all.users.filter(isHeld),
    groups: all.groups.filter(isHeld),
  }
}

export function countOf(holders: Holders): number {
  return holders.roles.length + holders.users.length + holders.groups.length
}

/** Policies that are attached to anyone. */
export async function attachedArns(records: Records, scope: Scope): Promise<ReadonlySet<string>> {
  const { roles: asked, users: people, groups: teams } = await allHolders(records, scope)
  return new Set([...asked, ...people, ...teams].flatMap((holder) => holder.attachedPolicyArns))
}
