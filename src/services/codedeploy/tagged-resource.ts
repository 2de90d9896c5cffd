import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { StoredRecord } from '../../store/records.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'
import { findApplication, findGroup } from './find-records.ts'

type Tagged = { readonly tags: readonly Tag[] }

/** The application or the group that an ARN names: `…:application:app`, `…:deploymentgroup:app/group`. */
async function findTagged(
  deps: CodeDeployDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<StoredRecord<Tagged>> {
  if (!arn) throw errors.resourceArnRequired()
  const parsed = parseArn(arn)
  const [kind, name = ''] = parsed?.resource.split(':') ?? []
  if (parsed?.service !== 'codedeploy') throw errors.invalidArn(arn)
  if (kind === 'application') return findApplication(deps, scope, name)
  const [application, group] = name.split('/')
  if (kind === 'deploymentgroup') return findGroup(deps, scope, { application, group })
  throw errors.invalidArn(arn)
}

export async function tagsOf(
  deps: CodeDeployDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<readonly Tag[]> {
  return (await findTagged(deps, scope, arn)).value.tags
}

export async function changeTags(
  deps: CodeDeployDeps,
  scope: Scope,
  arn: string | undefined,
  change: (tags: readonly Tag[]) => readonly Tag[],
): Promise<void> {
  const record = await findTagged(deps, scope, arn)
  await deps.deploy.store.update(record, { ...record.value, tags: change(record.value.tags) })
}

export function openTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  invalid: (message: string) => Error = errors.invalidTagsToAdd,
): readonly Tag[] {
  return (tags ?? []).map(({ Key, Value }) => {
    if (!Key || Key.length > 128) throw invalid('A tag needs a key of 1 to 128 characters')
    if ((Value?.length ?? 0) > 256) throw invalid('A tag value has 256 characters at most')
    return { Key, Value: Value ?? '' }
  })
}
