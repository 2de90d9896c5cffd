import type { Scope } from '../../kernel/scope.ts'

/** The canonical id of an account is 64 hexadecimal digits; ours holds the account's own digits. */
export function ownerOf(scope: Pick<Scope, 'account'>): { ID: string } {
  return { ID: scope.account.padStart(64, '0') }
}

/** What an account's buckets and objects let others do: nothing. */
export function ownersAcl(scope: Pick<Scope, 'account'>) {
  const Owner = ownerOf(scope)
  const Grantee = { ...Owner, Type: 'CanonicalUser' as const }
  return { Owner, Grants: [{ Grantee, Permission: 'FULL_CONTROL' as const }] }
}
