import type { Scope } from '../../kernel/scope.ts'
import { modify } from '../../store/records.ts'
import { secretNotFound } from './errors.ts'
import { needSecret } from './find-secret.ts'
import { secrets, type Secret } from './secret.ts'
import type { SecretsDeps } from './service-deps.ts'

/** Changes a secret's record, whoever else does at the same time. */
export async function changeSecret(
  deps: SecretsDeps,
  at: { readonly scope: Scope; readonly secretId: string | undefined },
  change: (secret: Secret) => Secret,
): Promise<Secret> {
  const { id } = await needSecret(deps, at.scope, at.secretId)
  const changed = await modify(deps.store, { kind: secrets, scope: at.scope, id }, change)
  if (!changed) throw secretNotFound()
  return changed.value
}
