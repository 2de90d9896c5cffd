import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { modify, type Records, type StoredRecord } from '../store/records.ts'
import { cidrText, parseCidr } from './domain/cidr.ts'
import { notFound, requireRecord, valuesOf } from './lookup.ts'
import {
  internetGateways,
  natGateways,
  networkInterfaces,
  routeTables,
  subnets,
  vpcs,
  type InternetGateway,
  type RouteTable,
} from './records.ts'
import { Refusal } from './refusal.ts'
import { hasDependencies } from './vpcs.ts'

/** Internet gateways, route tables, their routes and associations. Failures are `Refusal`s. */
export interface Routing {
  /** Choose the id yourself to make the call repeatable: one that is taken throws `RecordExists`. */
  createGateway(scope: Scope, tags: readonly Tag[], id?: string): Promise<InternetGateway>
  attachGateway(scope: Scope, gatewayId: string, vpcId: string): Promise<void>
  detachGateway(scope: Scope, gatewayId: string, vpcId: string): Promise<void>
  deleteGateway(scope: Scope, gatewayId: string): Promise<void>
  createTable(scope: Scope, request: CreateTable): Promise<RouteTable>
  deleteTable(scope: Scope, tableId: string): Promise<void>
  /** The association's id. A subnet that has another table already is refused. */
  associate(scope: Scope, tableId: string, subnetId: string): Promise<string>
  disassociate(scope: Scope, associationId: string): Promise<void>
  /** Moves an association, or the VPC's main one, to another table; its new id. */
  replaceAssociation(scope: Scope, associationId: string, tableId: string): Promise<string>
  putRoute(scope: Scope, route: PutRoute): Promise<void>
  deleteRoute(scope: Scope, tableId: string, destinationCidr: string): Promise<void>
}

export interface CreateTable {
  readonly routeTableId?: string
  readonly vpcId: string
  readonly tags: readonly Tag[]
}

export interface PutRoute {
  readonly tableId: string
  readonly destinationCidr: string
  readonly gatewayId: string
  /** `create` refuses a destination that is there; `replace` one that is not. */
  readonly mode: 'create' | 'replace'
}

export function createRouting(context: EngineContext): Routing {
  const { store, random } = context
  const wakeVpc = (scope: Scope, vpcId: string) =>
    context.wake.wake('network/vpcs', keyOf(scope, vpcId))
  return {
    async createGateway(scope, tags, internetGatewayId = resourceId(random, 'igw')) {
      const gateway = { internetGatewayId, tags }
      await store.insert(internetGateways, { scope, id: internetGatewayId }, gateway)
      return gateway
    },
    async attachGateway(scope, gatewayId, vpcId) {
      await store.transaction((records) => attachGateway(records, scope, { gatewayId, vpcId }))
      wakeVpc(scope, vpcId)
    },
    async detachGateway(scope, gatewayId, vpcId) {
      await store.transaction((records) => detachGateway(records, scope, { gatewayId, vpcId }))
      wakeVpc(scope, vpcId)
    },
    async deleteGateway(scope, gatewayId) {
      await store.transaction(async (records) => {
        const gateway = await requireRecord(records, internetGateways, scope, gatewayId)
        if (gateway.value.vpcId !== undefined) throw hasDependencies('internetGateway', gatewayId)
        await records.remove(gateway)
      })
    },
    async createTable(scope, { routeTableId = resourceId(random, 'rtb'), vpcId, tags }) {
      await requireRecord(store, vpcs, scope, vpcId)
      const table: RouteTable = { routeTableId, vpcId, routes: [], associations: [], tags }
      await store.insert(routeTables, { scope, id: routeTableId, owner: vpcId }, table)
      return table
    },
    async deleteTable(scope, tableId) {
      await store.transaction(async (records) => {
        const table = await requireRecord(records, routeTables, scope, tableId)
        if (table.value.associations.length > 0) throw hasDependencies('routeTable', tableId)
        await records.remove(table)
      })
    },
    associate: (scope, tableId, subnetId) => associate(context, scope, { tableId, subnetId }),
    async disassociate(scope, associationId) {
      await store.transaction(async (records) => {
        const table = await tableOfAssociation(records, scope, associationId)
        const association = table.value.associations.find((a) => a.associationId === associationId)
        if (association?.subnetId === undefined) {
          throw new Refusal(
            'InvalidParameterValue',
            `cannot disassociate the main route table association ${associationId}`,
          )
        }
        await records.update(table, withoutAssociation(table.value, associationId))
      })
    },
    replaceAssociation: (scope, associationId, tableId) =>
      replaceAssociation(context, scope, { associationId, tableId }),
    putRoute: (scope, route) => putRoute(context, scope, route),
    async deleteRoute(scope, id, destinationCidr) {
      const destination = destinationOf(destinationCidr)
      await refuseLocal(store, scope, { tableId: id, destination })
      const table = await modify(store, { kind: routeTables, scope, id }, (value) => {
        const routes = value.routes.filter((route) => route.destinationCidr !== destination)
        if (routes.length === value.routes.length) throw noRoute(id, destinationCidr)
        return { ...value, routes }
      })
      if (!table) throw notFound(routeTables, id)
    },
  }
}

async function attachGateway(
  records: Records,
  scope: Scope,
  { gatewayId, vpcId }: { gatewayId: string; vpcId: string },
): Promise<void> {
  const gateway = await requireRecord(records, internetGateways, scope, gatewayId)
  await requireRecord(records, vpcs, scope, vpcId)
  if (gateway.value.vpcId !== undefined) {
    throw new Refusal(
      'Resource.AlreadyAssociated',
      `resource ${gatewayId} is already attached to network ${gateway.value.vpcId}`,
    )
  }
  const others = await valuesOf(records, internetGateways, scope)
  if (others.some((other) => other.vpcId === vpcId)) {
    throw new Refusal(
      'InvalidParameterValue',
      `Network ${vpcId} already has an internet gateway attached`,
    )
  }
  await records.update(gateway, { ...gateway.value, vpcId })
}

async function detachGateway(
  records: Records,
  scope: Scope,
  { gatewayId, vpcId }: { gatewayId: string; vpcId: string },
): Promise<void> {
  const gateway = await requireRecord(records, internetGateways, scope, gatewayId)
  if (gateway.value.vpcId !== vpcId) {
    throw new Refusal(
      'Gateway.NotAttached',
      `resource ${gatewayId} is not attached to network ${vpcId}`,
    )
  }
  const interfaces = await valuesOf(records, networkInterfaces, scope, vpcId)
  if (interfaces.some((view) => view.publicAddress !== undefined)) {
    throw new Refusal(
      'DependencyViolation',
      `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    )
  }
  const { vpcId: _, ...detached } = gateway.value
  await records.update(gateway, detached)
}

async function associate(
  { store, random }: EngineContext,
  scope: Scope,
  { tableId, subnetId }: { tableId: string; subnetId: string },
): Promise<string> {
  return store.transaction(async (records) => {
    const table = await requireRecord(records, routeTables, scope, tableId)
    const { value: subnet } = await requireRecord(records, subnets, scope, subnetId)
    if (subnet.vpcId !== table.value.vpcId) {
      throw new Refusal(
        'InvalidParameterValue',
        `Route table ${tableId} and subnet ${subnetId} belong to different networks`,
      )
    }
    for (const other of await valuesOf(records, routeTables, scope, subnet.vpcId)) {
      const known = other.associations.find((each) => each.subnetId === subnetId)
      if (known && other.routeTableId === tableId) return known.associationId
      if (known) {
        throw new Refusal(
          'Resource.AlreadyAssociated',
          `the specified association for route table ${tableId} conflicts with an existing association`,
        )
      }
    }
    const associationId = resourceId(random, 'rtbassoc')
    const associations = [...table.value.associations, { associationId, subnetId }]
    await records.update(table, { ...table.value, associations })
    return associationId
  })
}

async function replaceAssociation(
  { store, random }: EngineContext,
  scope: Scope,
  { associationId, tableId }: { associationId: string; tableId: string },
): Promise<string> {
  return store.transaction(async (records) => {
    const from = await tableOfAssociation(records, scope, associationId)
    const to = await requireRecord(records, routeTables, scope, tableId)
    if (from.id === to.id) return associationId
    const moved = from.value.associations.find((each) => each.associationId === associationId)
    const renamed = { ...moved, associationId: resourceId(random, 'rtbassoc') }
    await records.update(from, withoutAssociation(from.value, associationId))
    await records.update(to, {
      ...to.value,
      associations: [...to.value.associations, renamed],
    })
    return renamed.associationId
  })
}

async function putRoute(
  { store }: EngineContext,
  scope: Scope,
  { tableId, destinationCidr, gatewayId, mode }: PutRoute,
): Promise<void> {
  const destination = destinationOf(destinationCidr)
  await store.transaction(async (records) => {
    const table = await requireRecord(records, routeTables, scope, tableId)
    const isNat = gatewayId.startsWith('nat-')
    const gateway = isNat
      ? await requireRecord<{ vpcId?: string }>(records, natGateways, scope, gatewayId)
      : await records.find(internetGateways, scope, gatewayId)
    if (!gateway) {
      throw new Refusal('InvalidGatewayID.NotFound', `The gateway ID '${gatewayId}' does not exist`)
    }
    if (gateway.value.vpcId !== table.value.vpcId) {
      throw new Refusal(
        'InvalidParameterValue',
        `route table ${tableId} and network gateway ${gatewayId} belong to different networks`,
      )
    }
    const local = (await records.find(vpcs, scope, table.value.vpcId))?.value.cidr
    if (destination === local) throw localStays(mode, { tableId, destination })
    const others = table.value.routes.filter((route) => route.destinationCidr !== destination)
    const exists = others.length < table.value.routes.length
    if (exists && mode === 'create') {
      throw routeExists(destinationCidr)
    }
    if (!exists && mode === 'replace') {
      throw new Refusal(
        'InvalidParameterValue',
        `There is no route defined for '${destinationCidr}' in the route table. Use CreateRoute instead.`,
      )
    }
    const routes = [...others, { destinationCidr: destination, gatewayId }]
    await records.update(table, { ...table.value, routes })
  })
}

function routeExists(destination: string): Refusal {
  return new Refusal('RouteAlreadyExists', `The route identified by ${destination} already exists.`)
}

function localStays(
  mode: 'create' | 'replace' | 'delete',
  { tableId, destination }: { tableId: string; destination: string },
): Refusal {
  if (mode === 'create') return routeExists(destination)
  const word = mode === 'replace' ? 'replace' : 'remove'
  return new Refusal(
    'InvalidParameterValue',
    `cannot ${word} local route ${destination} in route table ${tableId}`,
  )
}

/** The route to the VPC itself is there as long as its table. */
async function refuseLocal(
  records: Records,
  scope: Scope,
  { tableId, destination }: { tableId: string; destination: string },
): Promise<void> {
  const table = await requireRecord(records, routeTables, scope, tableId)
  const vpc = await records.find(vpcs, scope, table.value.vpcId)
  if (vpc?.value.cidr === destination) throw localStays('delete', { tableId, destination })
}

async function tableOfAssociation(
  records: Records,
  scope: Scope,
  associationId: string,
): Promise<StoredRecord<RouteTable>> {
  const tables = await records.list(routeTables, scope)
  const found = tables.find((table) =>
    table.value.associations.some((each) => each.associationId === associationId),
  )
  if (found) return found
  throw new Refusal(
    'InvalidAssociationID.NotFound',
    `The association ID '${associationId}' does not exist`,
  )
}

function withoutAssociation(table: RouteTable, associationId: string): RouteTable {
  const associations = table.associations.filter((each) => each.associationId !== associationId)
  return { ...table, associations }
}

function destinationOf(text: string): string {
  const range = parseCidr(text)
  if (range) return cidrText(range)
  throw new Refusal(
    'InvalidParameterValue',
    `Value (${text}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
  )
}

function noRoute(tableId: string, destinationCidr: string): Refusal {
  return new Refusal(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${destinationCidr} in route table ${tableId}`,
  )
}
