import type { Tag as AwsTag } from '@aws-sdk/client-ssm'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import { modify } from '../../store/records.ts'
import {
  invalidResourceId,
  invalidResourceType,
  tooManyTags,
  validationException,
} from './errors.ts'
import { parameters, type Parameter } from './parameters.ts'
import type { SsmDeps } from './service-deps.ts'

const tagsMax = 50

/** Throws for one without a key, one that is too long, and one that is AWS's own to give. */
export function tagsGiven(tags: readonly AwsTag[] = []): readonly Tag[] {
  if (tags.length > tagsMax) throw tooManyTags(tagsMax)
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '' || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key)) {
      throw validationException(
        'A tag has a key of 1 to 128 characters that does not begin with aws:, and a value of at most 256',
      )
    }
    return { Key, Value }
  })
}

/** Which parameter a request about tags means. */
export interface TaggedName {
  readonly ResourceType?: string | undefined
  readonly ResourceId?: string | undefined
}

export async function taggedParameter(
  { store }: SsmDeps,
  scope: Scope,
  named: TaggedName,
): Promise<Parameter> {
  const found = await store.find(parameters, scope, parameterNamed(named))
  if (!found) throw invalidResourceId()
  return found.value
}

export async function changeTags(
  { store }: SsmDeps,
  scope: Scope,
  at: { readonly named: TaggedName; readonly to: (tags: readonly Tag[]) => readonly Tag[] },
): Promise<void> {
  const id = parameterNamed(at.named)
  const changed = await modify(store, { kind: parameters, scope, id }, (parameter) => {
    const tags = at.to(parameter.tags ?? [])
    if (tags.length > tagsMax) throw tooManyTags(tagsMax)
    return { ...parameter, tags }
  })
  if (!changed) throw invalidResourceId()
}

function parameterNamed({ ResourceType = '', ResourceId = '' }: TaggedName): string {
  if (ResourceType !== 'Parameter') throw invalidResourceType(ResourceType)
  return ResourceId
}
