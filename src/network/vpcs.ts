import { resourceId } from '../kernel/random.ts'
import { zonesOf, type Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify } from '../store/records.ts'
import { forgetDefaultVpc, insertVpc } from './default-vpc.ts'
import { cidrText, holds, overlap, parseCidr, type Cidr } from './domain/cidr.ts'
import { notFound, requireRecord, valuesOf } from './lookup.ts'
import {
  internetGateways,
  natGateways,
  networkAcls,
  networkInterfaces,
  routeTables,
  securityGroups,
  subnets,
  vpcs,
  type Subnet,
  type Vpc,
} from './records.ts'
import { Refusal } from './refusal.ts'

/** Making and removing VPCs and subnets. Failures are `Refusal`s. */
export interface VpcCatalogue {
  createVpc(scope: Scope, request: CreateVpc): Promise<Vpc>
  deleteVpc(scope: Scope, vpcId: string): Promise<void>
  changeVpc(scope: Scope, vpcId: string, to: (vpc: Vpc) => Vpc): Promise<void>
  createSubnet(scope: Scope, request: CreateSubnet): Promise<Subnet>
  deleteSubnet(scope: Scope, subnetId: string): Promise<void>
  changeSubnet(scope: Scope, subnetId: string, to: (subnet: Subnet) => Subnet): Promise<void>
}

export interface CreateVpc {
  /** Choose it yourself to make the call repeatable: an id that is taken throws `RecordExists`. Likewise below. */
  readonly vpcId?: string
  readonly cidr: string
  readonly tags: readonly Tag[]
}

export interface CreateSubnet {
  readonly subnetId?: string
  readonly vpcId: string
  readonly cidr: string
  /** The first zone of the region when absent. */
  readonly zone?: string
  readonly tags: readonly Tag[]
}

export function createVpcCatalogue(context: EngineContext): VpcCatalogue {
  const { store, random } = context
  return {
    async createVpc(scope, { vpcId, cidr, tags }) {
      const range = blockOf(cidr, 'InvalidVpc.Range')
      const vpc: Vpc = {
        vpcId: vpcId ?? resourceId(random, 'vpc'),
        cidr: cidrText(range),
        isDefault: false,
        dnsSupport: true,
        dnsHostnames: false,
        tags,
      }
      await store.transaction((records) => insertVpc(records, context, { scope, vpc }))
      return vpc
    },
    deleteVpc: (scope, vpcId) => deleteVpc(context, scope, vpcId),
    async changeVpc(scope, id, to) {
      if (!(await modify(store, { kind: vpcs, scope, id }, to))) throw notFound(vpcs, id)
    },
    createSubnet: (scope, request) => createSubnet(context, scope, request),
    async deleteSubnet(scope, subnetId) {
      await store.transaction(async (records) => {
        const subnet = await requireRecord(records, subnets, scope, subnetId)
        const owner = subnet.value.vpcId
        const used = await valuesOf(records, networkInterfaces, scope, owner)
        if (used.some((view) => view.subnetId === subnetId))
          throw hasDependencies('subnet', subnetId)
        for (const table of await records.list(routeTables, scope, { owner })) {
          const associations = table.value.associations.filter((each) => each.subnetId !== subnetId)
          if (associations.length === table.value.associations.length) continue
          await records.update(table, { ...table.value, associations })
        }
        await records.remove(subnet)
      })
    },
    async changeSubnet(scope, id, to) {
      if (!(await modify(store, { kind: subnets, scope, id }, to))) throw notFound(subnets, id)
    },
  }
}

async function createSubnet(
  { store, random }: EngineContext,
  scope: Scope,
  request: CreateSubnet,
): Promise<Subnet> {
  const range = blockOf(request.cidr, 'InvalidSubnet.Range')
  const zone = request.zone ?? zonesOf(scope.region)[0] ?? ''
  if (!zonesOf(scope.region).includes(zone)) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zonesOf(scope.region).join(', ')}.`,
    )
  }
  return store.transaction(async (records) => {
    const { value: vpc } = await requireRecord(records, vpcs, scope, request.vpcId)
    const outer = parseCidr(vpc.cidr)
    if (!outer || !holds(outer, range)) {
      throw new Refusal('InvalidSubnet.Range', `The CIDR '${request.cidr}' is invalid.`)
    }
    for (const sibling of await valuesOf(records, subnets, scope, vpc.vpcId)) {
      const other = parseCidr(sibling.cidr)
      // The same subnet, asked for again: the insertion below says so.
      if (sibling.subnetId === request.subnetId || !other || !overlap(other, range)) continue
      throw new Refusal(
        'InvalidSubnet.Conflict',
        `The CIDR '${request.cidr}' conflicts with another subnet`,
      )
    }
    const subnet: Subnet = {
      subnetId: request.subnetId ?? resourceId(random, 'subnet'),
      vpcId: vpc.vpcId,
      zone,
      cidr: cidrText(range),
      isDefault: false,
      assignsPublicAddress: false,
      tags: request.tags,
    }
    await records.insert(subnets, { scope, id: subnet.subnetId, owner: vpc.vpcId }, subnet)
    return subnet
  })
}

/** With its main route table, default group and default network ACL; whatever else it still has holds it back. */
async function deleteVpc({ store }: EngineContext, scope: Scope, vpcId: string): Promise<void> {
  await store.transaction(async (records) => {
    const vpc = await requireRecord(records, vpcs, scope, vpcId)
    const owner = vpcId
    const tables = await records.list(routeTables, scope, { owner })
    const groups = await records.list(securityGroups, scope, { owner })
    const acls = await records.list(networkAcls, scope, { owner })
    const isMain = (table: (typeof tables)[number]) =>
      table.value.associations.some((each) => each.subnetId === undefined)
    const gateways = await valuesOf(records, internetGateways, scope)
    const holdsBack =
      (await records.list(subnets, scope, { owner })).length > 0 ||
      (await records.list(networkInterfaces, scope, { owner })).length > 0 ||
      gateways.some((gateway) => gateway.vpcId === vpcId) ||
      tables.some((table) => !isMain(table)) ||
      acls.some((acl) => !acl.value.isDefault) ||
      groups.some((group) => group.value.name !== 'default')
    if (holdsBack) throw hasDependencies('vpc', vpcId)
    for (const table of tables) await records.remove(table)
    for (const group of groups) await records.remove(group)
    for (const acl of acls) await records.remove(acl)
    for (const nat of await records.list(natGateways, scope, { owner })) await records.remove(nat)
    if (vpc.value.isDefault) await forgetDefaultVpc(records, scope)
    await records.remove(vpc)
  })
}

export function hasDependencies(noun: string, id: string): Refusal {
  return new Refusal(
    'DependencyViolation',
    `The ${noun} '${id}' has dependencies and cannot be deleted.`,
  )
}

/** A block of a VPC or subnet: EC2 takes /16 to /28. */
function blockOf(text: string, code: string): Cidr {
  const range = parseCidr(text)
  if (!range) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    )
  }
  if (range.prefix < 16 || range.prefix > 28) {
    throw new Refusal(code, `The CIDR '${text}' is invalid.`)
  }
  return range
}
