import { arnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { modify, RecordExists, type StoredRecord } from '../../store/records.ts'
import { aliasExists, invalidAliasName, notFound } from './errors.ts'
import { aliases, needKey, type Alias } from './keys.ts'
import type { KmsDeps } from './service-deps.ts'

interface Wish {
  readonly name: string
  readonly target: string | undefined
}

const namePattern = /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/

export async function createAlias(
  deps: KmsDeps,
  scope: Scope,
  { name, target }: Wish,
): Promise<void> {
  if (!namePattern.test(name)) throw invalidAliasName()
  const { keyId } = (await needKey(deps, scope, target)).value
  const arn = arnOf('kms', scope, name)
  const value = { name, arn, keyId, createdAt: deps.clock.now() }
  try {
    await deps.store.insert(aliases, { scope, id: name }, value)
  } catch (thrown) {
    throw thrown instanceof RecordExists ? aliasExists(arn) : thrown
  }
}

export async function retarget(deps: KmsDeps, scope: Scope, { name, target }: Wish): Promise<void> {
  const { keyId } = (await needKey(deps, scope, target)).value
  const at = { kind: aliases, scope, id: name }
  const changed = await modify(deps.store, at, (alias) => ({ ...alias, keyId }))
  if (!changed) throw notFound(`Alias '${arnOf('kms', scope, name)}'`)
}

export async function needAlias(
  { store }: Pick<KmsDeps, 'store'>,
  scope: Scope,
  name: string,
): Promise<StoredRecord<Alias>> {
  const found = await store.find(aliases, scope, name)
  if (!found) throw notFound(`Alias '${arnOf('kms', scope, name)}'`)
  return found
}
