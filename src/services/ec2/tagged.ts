import { instances } from '../../compute/instance.ts'
import { keyPairs } from '../../compute/key-pairs.ts'
import { launchTemplates } from '../../compute/launch-templates.ts'
import { templateNotFound } from '../../compute/template-lookup.ts'
import { imageNotFound, snapshotNotFound, volumeNotFound } from '../../compute/disk-refusals.ts'
import { instanceNotFound } from '../../compute/instance-refusals.ts'
import { ownImages, rootVolumeIdOf, snapshots, volumes } from '../../compute/volume.ts'
import { notFound } from '../../network/lookup.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import {
  elasticAddresses,
  internetGateways,
  natGateways,
  networkAcls,
  networkInterfaces,
  routeTables,
  securityGroups,
  subnets,
  vpcs,
} from '../../network/records.ts'
import { modify, type Kind, type Records, type Store } from '../../store/records.ts'
import { idNotFound, keyPairNotFound, ruleIdNotFound, tooManyTags } from './errors.ts'

interface Tagged {
  readonly tags: readonly Tag[]
}

type TagChange = (tags: readonly Tag[]) => readonly Tag[]

/** EC2 keeps no more on one resource. */
const tagsMax = 50

/** Everything that CreateTags knows, by the beginning of its id. */
const kinds: readonly (readonly [prefix: string, resourceType: string, kind: Kind<Tagged>])[] = [
  ['i-', 'instance', instances],
  ['vpc-', 'vpc', vpcs],
  ['subnet-', 'subnet', subnets],
  ['igw-', 'internet-gateway', internetGateways],
  ['rtb-', 'route-table', routeTables],
  ['acl-', 'network-acl', networkAcls],
  ['nat-', 'natgateway', natGateways],
  ['eipalloc-', 'elastic-ip', elasticAddresses],
  ['sg-', 'security-group', securityGroups],
  ['eni-', 'network-interface', networkInterfaces],
  ['lt-', 'launch-template', launchTemplates],
  ['vol-', 'volume', volumes],
  ['snap-', 'snapshot', snapshots],
  ['ami-', 'image', ownImages],
]

export interface TaggedResource extends Tagged {
  readonly resourceId: string
  readonly resourceType: string
}

/** Every resource with its tags. */
export async function taggedResources(
  store: Store,
  scope: Scope,
): Promise<readonly TaggedResource[]> {
  const lists = kinds.map(async ([, resourceType, kind]) => {
    const records = await store.list(kind, scope)
    return records.map(({ id, value }) => ({ resourceId: id, resourceType, tags: value.tags }))
  })
  const roots = (await store.list(instances, scope)).map(({ id, value }) => ({
    resourceId: rootVolumeIdOf(id),
    resourceType: 'volume',
    tags: value.rootVolume?.tags ?? [],
  }))
  const pairs = await store.list(keyPairs, scope)
  const keys = pairs.map(({ value }) => ({
    resourceId: value.keyPairId,
    resourceType: 'key-pair',
    tags: value.tags,
  }))
  const rules = (await store.list(securityGroups, scope)).flatMap(({ value }) =>
    value.rules.map(({ ruleId, tags }) => ({
      resourceId: ruleId,
      resourceType: 'security-group-rule',
      tags,
    })),
  )
  return [...(await Promise.all(lists)).flat(), ...roots, ...rules, ...keys]
}

/** Changes the tags of all these resources, or of none: an id that nothing has refuses them all. */
export async function changeTags(
  store: Store,
  scope: Scope,
  { ids, to }: { readonly ids: readonly string[]; readonly to: TagChange },
): Promise<void> {
  const bounded: TagChange = (tags) => {
    const changed = to(tags)
    if (changed.length > tagsMax && changed.length > tags.length) throw tooManyTags(tagsMax)
    return changed
  }
  await store.transaction(async (records) => {
    for (const id of ids) await changeOne(records, scope, { id, to: bounded })
  })
}

interface OneChange {
  readonly id: string
  readonly to: TagChange
}

async function changeOne(records: Records, scope: Scope, at: OneChange): Promise<void> {
  const { id, to } = at
  const found = kinds.find(([prefix]) => id.startsWith(prefix))
  if (found) {
    const [, , kind] = found
    const record = await modify(records, { kind, scope, id }, (value) => ({
      ...value,
      tags: to(value.tags),
    }))
    if (!record && !(await changeRootTags(records, scope, at))) throw missing(kind, id)
    return
  }
  if (id.startsWith('key-')) return changeKeyTags(records, scope, at)
  if (id.startsWith('sgr-')) return changeRuleTags(records, scope, at)
  throw idNotFound(id)
}

/** In the words of the kind of thing that it would be. */
function missing(kind: Kind<Tagged>, id: string): Error {
  switch (kind.name) {
    case instances.name:
      return instanceNotFound(id)
    case volumes.name:
      return volumeNotFound(id)
    case snapshots.name:
      return snapshotNotFound(id)
    case ownImages.name:
      return imageNotFound(id)
    case launchTemplates.name:
      return templateNotFound(id)
    default:
      return notFound(kind, id)
  }
}

/** Whether it was an instance's own disk, which has no record but its instance's. */
async function changeRootTags(
  records: Records,
  scope: Scope,
  { id, to }: OneChange,
): Promise<boolean> {
  if (!id.startsWith('vol-')) return false
  const at = { kind: instances, scope, id: id.replace('vol-', 'i-') }
  const changed = await modify(records, at, (instance) => {
    const { rootVolume = {} } = instance
    return { ...instance, rootVolume: { ...rootVolume, tags: to(rootVolume.tags ?? []) } }
  })
  return changed !== undefined
}

async function changeKeyTags(records: Records, scope: Scope, { id, to }: OneChange): Promise<void> {
  const pairs = await records.list(keyPairs, scope)
  const pair = pairs.find((each) => each.value.keyPairId === id)
  if (!pair) throw keyPairNotFound(id)
  await modify(records, { kind: keyPairs, scope, id: pair.id }, (value) => ({
    ...value,
    tags: to(value.tags),
  }))
}

async function changeRuleTags(
  records: Records,
  scope: Scope,
  { id, to }: OneChange,
): Promise<void> {
  const groups = await records.list(securityGroups, scope)
  const group = groups.find((each) => each.value.rules.some((rule) => rule.ruleId === id))
  if (!group) throw ruleIdNotFound(id)
  await modify(records, { kind: securityGroups, scope, id: group.id }, (value) => ({
    ...value,
    rules: value.rules.map((rule) =>
      rule.ruleId === id ? { ...rule, tags: to(rule.tags) } : rule,
    ),
  }))
}
