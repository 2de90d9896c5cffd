import { arnOf, parseArn } from '../../kernel/arn.ts'
import { urlSuffixOf, type Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import { kindOf, modify, RecordExists } from '../../store/records.ts'
import { invalidParameter, repositoryExists, repositoryNotFound } from './errors.ts'
import type { EcrDeps } from './service-deps.ts'

/** id: the name. It holds no images: pushing is refused. */
export interface Repository {
  readonly name: string
  readonly arn: string
  readonly uri: string
  readonly createdAt: number
  readonly isImmutable: boolean
  readonly tags: readonly Tag[]
  /** JSON, as it was given. */
  readonly policy?: string
  readonly lifecyclePolicy?: string
  /** The token of the stack resource that made it. */
  readonly madeBy?: string
}

export const repositories = kindOf<Repository>('ecr/repository')

const namePattern = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/

export async function createRepository(
  { store, clock }: EcrDeps,
  scope: Scope,
  given: Pick<Repository, 'name' | 'isImmutable' | 'tags' | 'madeBy'>,
): Promise<Repository> {
  const { name } = given
  if (name.length < 2 || name.length > 256 || !namePattern.test(name)) {
    throw invalidParameter(
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${namePattern.source}''`,
    )
  }
  const arn = arnOf('ecr', scope, `repository/${name}`)
  const host = `${scope.account}.dkr.ecr.${scope.region}.${urlSuffixOf(scope.region)}`
  const value = { ...given, arn, uri: `${host}/${name}`, createdAt: clock.now() }
  try {
    return (await store.insert(repositories, { scope, id: name }, value)).value
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    const known = await needRepository({ store }, scope, name)
    if (given.madeBy !== undefined && known.madeBy === given.madeBy) return known
    throw repositoryExists(name, scope.account)
  }
}

export async function needRepository(
  { store }: Pick<EcrDeps, 'store'>,
  scope: Scope,
  name: string | undefined,
): Promise<Repository> {
  const found = await store.find(repositories, scope, name ?? '')
  if (!found) throw repositoryNotFound(name ?? '', scope.account)
  return found.value
}

export async function changeRepository(
  { store }: Pick<EcrDeps, 'store'>,
  scope: Scope,
  name: string | undefined,
  change: (repository: Repository) => Repository,
): Promise<Repository> {
  const changed = await modify(store, { kind: repositories, scope, id: name ?? '' }, change)
  if (!changed) throw repositoryNotFound(name ?? '', scope.account)
  return changed.value
}

/** The name in a repository's ARN; what is none names nothing. */
export function nameIn(arn: string | undefined): string {
  return parseArn(arn ?? '')?.resource.replace(/^repository\//, '') ?? ''
}

/** A policy that is JSON. Throws ECR's error. */
export function checkedText(member: string, text: string | undefined): string {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null && text !== undefined) return text
  } catch {
    throw invalidParameter(`Invalid parameter at '${member}': it is not valid JSON`)
  }
  throw invalidParameter(`Invalid parameter at '${member}': it is not valid JSON`)
}

export function mutabilityOf(text: string | undefined): boolean {
  if (text === undefined || text === 'MUTABLE') return false
  if (text === 'IMMUTABLE') return true
  throw invalidParameter(`The imageTagMutability ${text} is not supported here.`)
}

export function repositoryView(repository: Repository, { account }: Scope) {
  return {
    repositoryArn: repository.arn,
    registryId: account,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: new Date(repository.createdAt),
    imageTagMutability: repository.isImmutable ? ('IMMUTABLE' as const) : ('MUTABLE' as const),
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' as const },
  }
}
