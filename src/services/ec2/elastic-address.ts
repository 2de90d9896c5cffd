import type { Address } from '@aws-sdk/client-ec2'
import type { Scope } from '../../kernel/scope.ts'
import type { Association } from '../../network/elastic-addresses.ts'
import type { InterfaceView } from '../../network/interfaces.ts'
import type { ElasticAddress } from '../../network/records.ts'
import { Refusal } from '../../network/refusal.ts'
import type { Ec2Deps } from './deps.ts'
import { instanceNotFound } from '../../compute/instance-refusals.ts'

export function addressView(
  address: ElasticAddress,
  { scope, faces }: { scope: Scope; faces: ReadonlyMap<string, InterfaceView> },
): Address {
  const { association } = address
  const face = association && faces.get(association.interfaceId)
  const isInstance = face?.machineId?.startsWith('i-') === true
  return {
    AllocationId: address.allocationId,
    PublicIp: address.publicAddress,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: scope.region,
    ...(association && {
      AssociationId: association.associationId,
      NetworkInterfaceId: association.interfaceId,
      NetworkInterfaceOwnerId: scope.account,
    }),
    ...(face && { PrivateIpAddress: face.address }),
    ...(isInstance && { InstanceId: face.machineId }),
    Tags: [...address.tags],
  }
}

/** Associates, and tells the instances concerned. May be repeated. */
export async function associateAddress(
  deps: Ec2Deps,
  scope: Scope,
  wanted: {
    readonly allocationId: string
    readonly instanceId?: string | undefined
    readonly interfaceId?: string | undefined
    readonly mayMove: boolean
  },
): Promise<Association> {
  const { allocationId, mayMove } = wanted
  const interfaceId = wanted.interfaceId ?? (await faceOf(deps, scope, wanted.instanceId ?? ''))
  const made = await deps.network.elastic.associate(scope, { allocationId, interfaceId, mayMove })
  if (made.before) await tellInstance(deps, scope, made.before)
  await tellInstance(deps, scope, made.view)
  return made
}

export async function disassociateAddress(
  deps: Ec2Deps,
  scope: Scope,
  associationId: string,
): Promise<void> {
  await tellInstance(deps, scope, await deps.network.elastic.disassociate(scope, associationId))
}

async function faceOf({ compute }: Ec2Deps, scope: Scope, instanceId: string): Promise<string> {
  const instance = await compute.instances.find(scope, instanceId)
  if (!instance) throw instanceNotFound(instanceId)
  if (['running', 'pending', 'stopped', 'stopping'].includes(instance.value.state)) {
    return instance.value.interfaceId
  }
  throw new Refusal('IncorrectInstanceState', `The instance '${instanceId}' is not usable.`)
}

/** An instance's record repeats its public address, for its metadata. */
async function tellInstance(
  { compute }: Ec2Deps,
  scope: Scope,
  { machineId, publicAddress }: InterfaceView,
): Promise<void> {
  if (machineId?.startsWith('i-') !== true) return
  await compute.instances.change(scope, machineId, (instance) => {
    const { publicAddress: _, ...without } = instance
    return publicAddress === undefined ? without : { ...without, publicAddress }
  })
}
