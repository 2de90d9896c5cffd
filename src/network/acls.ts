import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { cidrText, parseCidr } from './domain/cidr.ts'
import { requireRecord, valuesOf } from './lookup.ts'
import { aclOf } from './plan-network.ts'
import {
  networkAcls,
  subnets,
  vpcs,
  type AclEntry,
  type NetworkAcl,
  type Subnet,
} from './records.ts'
import { Refusal } from './refusal.ts'
import { hasDependencies } from './vpcs.ts'

/** Network ACLs: guards of subnets that know no connections. Failures are `Refusal`s. */
export interface AclCatalogue {
  create(scope: Scope, request: CreateAcl): Promise<NetworkAcl>
  delete(scope: Scope, networkAclId: string): Promise<void>
  /** `create` refuses a number that is there in this direction; `replace` one that is not. */
  putEntry(scope: Scope, networkAclId: string, put: PutEntry): Promise<void>
  deleteEntry(
    scope: Scope,
    networkAclId: string,
    at: Pick<AclEntry, 'ruleNumber' | 'direction'>,
  ): Promise<void>
  /** Moves a subnet's association to another ACL of its VPC; its new id. */
  replaceAssociation(scope: Scope, associationId: string, networkAclId: string): Promise<string>
  /** Gives a subnet an ACL, the VPC's default one without an id; the association's id. */
  associate(scope: Scope, subnetId: string, networkAclId: string | undefined): Promise<string>
}

export interface CreateAcl {
  /** Choose it yourself to make the call repeatable. */
  readonly networkAclId?: string
  readonly vpcId: string
  readonly tags: readonly Tag[]
}

export interface PutEntry {
  readonly entry: AclEntry
  readonly mode: 'create' | 'replace'
}

/** The largest number that a rule may have; the last one, which denies all, follows it. */
const ruleNumberMax = 32_766

/** The id of a subnet's association with its ACL. */
export function aclAssociationId({ aclAssociationId: own, subnetId }: Subnet): string {
  return own ?? subnetId.replace('subnet-', 'aclassoc-')
}

export function createAclCatalogue(context: EngineContext): AclCatalogue {
  const { store, random } = context
  const associate = (scope: Scope, subnetId: string, networkAclId: string | undefined) =>
    store.transaction((records) =>
      changeAssociation(records, scope, {
        subnetId,
        networkAclId,
        associationId: resourceId(random, 'aclassoc'),
      }),
    )
  return {
    associate,
    async create(scope, { networkAclId = resourceId(random, 'acl'), vpcId, tags }) {
      await requireRecord(store, vpcs, scope, vpcId)
      const acl: NetworkAcl = { networkAclId, vpcId, isDefault: false, entries: [], tags }
      await store.insert(networkAcls, { scope, id: networkAclId, owner: vpcId }, acl)
      return acl
    },
    async delete(scope, id) {
      await store.transaction(async (records) => {
        const acl = await requireRecord(records, networkAcls, scope, id)
        if (acl.value.isDefault) {
          throw new Refusal('InvalidParameterValue', `cannot delete default network ACL ${id}`)
        }
        const all = await valuesOf(records, subnets, scope, acl.value.vpcId)
        if (all.some((subnet) => subnet.networkAclId === id))
          throw hasDependencies('networkAcl', id)
        await records.remove(acl)
      })
    },
    async putEntry(scope, id, { entry, mode }) {
      const added = checked(entry)
      await store.transaction(async (records) => {
        const acl = await requireRecord(records, networkAcls, scope, id)
        const others = acl.value.entries.filter((each) => !isAt(each, added))
        const exists = others.length < acl.value.entries.length
        if (exists && mode === 'create') {
          throw new Refusal(
            'NetworkAclEntryAlreadyExists',
            `The network acl entry identified by ${added.ruleNumber} already exists.`,
          )
        }
        if (!exists && mode === 'replace') throw noEntry(id, added)
        await records.update(acl, { ...acl.value, entries: [...others, added] })
      })
    },
    async deleteEntry(scope, id, at) {
      await store.transaction(async (records) => {
        const acl = await requireRecord(records, networkAcls, scope, id)
        const entries = acl.value.entries.filter((each) => !isAt(each, at))
        if (entries.length === acl.value.entries.length) throw noEntry(id, at)
        await records.update(acl, { ...acl.value, entries })
      })
    },
    async replaceAssociation(scope, associationId, networkAclId) {
      const all = await valuesOf(store, subnets, scope)
      const subnet = all.find((each) => aclAssociationId(each) === associationId)
      if (!subnet) {
        throw new Refusal(
          'InvalidAssociationID.NotFound',
          `The association ID '${associationId}' does not exist`,
        )
      }
      return associate(scope, subnet.subnetId, networkAclId)
    },
  }
}

async function changeAssociation(
  records: Records,
  scope: Scope,
  wanted: { subnetId: string; networkAclId: string | undefined; associationId: string },
): Promise<string> {
  const subnet = await requireRecord(records, subnets, scope, wanted.subnetId)
  const { value } = subnet
  const acls = await valuesOf(records, networkAcls, scope, value.vpcId)
  const target = wanted.networkAclId ?? acls.find((acl) => acl.isDefault)?.networkAclId ?? ''
  const acl = await requireRecord(records, networkAcls, scope, target)
  if (acl.value.vpcId !== value.vpcId) {
    throw new Refusal(
      'InvalidParameterValue',
      `Network ACL ${target} and subnet ${value.subnetId} belong to different networks`,
    )
  }
  if (aclOf(value, acls)?.networkAclId === target) return aclAssociationId(value)
  await records.update(subnet, {
    ...value,
    networkAclId: target,
    aclAssociationId: wanted.associationId,
  })
  return wanted.associationId
}

function isAt(
  entry: Pick<AclEntry, 'ruleNumber' | 'direction'>,
  at: Pick<AclEntry, 'ruleNumber' | 'direction'>,
): boolean {
  return entry.ruleNumber === at.ruleNumber && entry.direction === at.direction
}

function checked(entry: AclEntry): AclEntry {
  const { ruleNumber, protocol, ports } = entry
  const isVersion6 = /^[0-9a-f:]+\/\d{1,3}$/i.test(entry.cidr) && entry.cidr.includes(':')
  const range = parseCidr(entry.cidr)
  if (!range && !isVersion6)
    throw new Refusal('InvalidParameterValue', `CIDR block ${entry.cidr} is malformed`)
  if (!Number.isInteger(ruleNumber) || ruleNumber < 1 || ruleNumber > ruleNumberMax) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value (${ruleNumber}) for parameter ruleNumber is invalid. It must be between 1 and ${ruleNumberMax}.`,
    )
  }
  const needsPorts = protocol === 6 || protocol === 17
  if (needsPorts && !ports) {
    throw new Refusal('MissingParameter', 'The request must contain the parameter portRange')
  }
  const isRange = ports === undefined || (0 <= ports.from && ports.from <= ports.to)
  if (!isRange || (ports !== undefined && ports.to > 65_535)) {
    throw new Refusal('InvalidParameterValue', 'Invalid TCP/UDP port range.')
  }
  return range ? { ...entry, cidr: cidrText(range) } : entry
}

function noEntry(id: string, at: Pick<AclEntry, 'ruleNumber' | 'direction'>): Refusal {
  return new Refusal(
    'InvalidNetworkAclEntry.NotFound',
    `No ${at.direction} entry with rule number ${at.ruleNumber} in network ACL ${id}`,
  )
}
