import { instances } from '../../compute/instance.ts'
import { keyPairs } from '../../compute/key-pairs.ts'
import { launchTemplates } from '../../compute/launch-templates.ts'
import { ownImages, snapshots, volumes } from '../../compute/volume.ts'
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
import { modify, type Kind, type Store } from '../../store/records.ts'
import { idNotFound } from './errors.ts'

interface Tagged {
  readonly tags: readonly Tag[]
}

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
  const pairs = await store.list(keyPairs, scope)
  const keys = pairs.map(({ value }) => ({
    resourceId: value.keyPairId,
    resourceType: 'key-pair',
    tags: value.tags,
  }))
  return [...(await Promise.all(lists)).flat(), ...keys]
}

/** Sets the tags of one resource. Security group rules carry theirs inside their group. */
export async function changeTags(
  store: Store,
  scope: Scope,
  at: { id: string; to: (tags: readonly Tag[]) => readonly Tag[] },
): Promise<void> {
  const { id, to } = at
  const found = kinds.find(([prefix]) => id.startsWith(prefix))
  if (found) {
    const [, , kind] = found
    const record = await modify(store, { kind, scope, id }, (value) => ({
      ...value,
      tags: to(value.tags),
    }))
    if (!record) throw idNotFound(id)
    return
  }
  if (id.startsWith('key-')) return changeKeyTags(store, scope, at)
  if (id.startsWith('sgr-')) return changeRuleTags(store, scope, at)
  throw idNotFound(id)
}

async function changeKeyTags(
  store: Store,
  scope: Scope,
  { id, to }: { id: string; to: (tags: readonly Tag[]) => readonly Tag[] },
): Promise<void> {
  const pairs = await store.list(keyPairs, scope)
  const pair = pairs.find((each) => each.value.keyPairId === id)
  if (!pair) throw idNotFound(id)
  await modify(store, { kind: keyPairs, scope, id: pair.id }, (value) => ({
    ...value,
    tags: to(value.tags),
  }))
}

async function changeRuleTags(
  store: Store,
  scope: Scope,
  { id, to }: { id: string; to: (tags: readonly Tag[]) => readonly Tag[] },
): Promise<void> {
  const groups = await store.list(securityGroups, scope)
  const group = groups.find((each) => each.value.rules.some((rule) => rule.ruleId === id))
  if (!group) throw idNotFound(id)
  await modify(store, { kind: securityGroups, scope, id: group.id }, (value) => ({
    ...value,
    rules: value.rules.map((rule) =>
      rule.ruleId === id ? { ...rule, tags: to(rule.tags) } : rule,
    ),
  }))
}
