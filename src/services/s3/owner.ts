import type { Scope } from '../../kernel/scope.ts'

/** The canonical id of an account is 64 hexadecimal digits; ours holds the account's own digits. */
export function ownerOf(scope: Pick<Scope, 'account'>): { ID: string } {
  return { ID: scope.account.padStart(64, '0') }
}
