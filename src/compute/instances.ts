import { createHash } from 'node:crypto'
import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { InstanceProfiles } from '../identity/principal.ts'
import { withFreshAddresses } from '../network/interface-pool.ts'
import type { InterfaceView, SubnetView } from '../network/interfaces.ts'
import type { NetworkEngine } from '../network/network.ts'
import { subnets } from '../network/records.ts'
import { notFound } from '../network/lookup.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, modify, type StoredRecord } from '../store/records.ts'
import { instanceSizes } from './domain/instance-sizes.ts'
import { isImageId, isKnownImage } from './domain/images.ts'
import {
  initiated,
  instances,
  type Instance,
  type Instances,
  type LaunchRequest,
} from './instance.ts'
import { requireCapacity, type Zones } from './zones.ts'
import { imageNotFound } from './disk-refusals.ts'
import { volumesOf, withVolumes } from './launch-volumes.ts'
import { deregisteredImages, ownImages, volumes, type OwnImage } from './volume.ts'
import { keyPairs } from './key-pairs.ts'
import {
  instanceNotFound,
  requireMayStop,
  requireOnDemand,
  requireMayTerminate,
  wrongState,
} from './instance-refusals.ts'

export interface InstancesDeps {
  readonly network: NetworkEngine
  readonly profiles: InstanceProfiles
  readonly zones: Pick<Zones, 'faults'>
  /** Unknown image ids are refused instead of meaning the default image. */
  readonly strictImages: boolean
}

/** What a client token made: the same token with other contents is refused. */
const launchTokens = kindOf<{ readonly digest: string; readonly instanceIds: readonly string[] }>(
  'compute/launch-token',
)

/** EC2's own default for one call is lower; this bounds one transaction. */
const launchCountMax = 1000

/** EC2 refuses longer ones. */
const tokenLengthMax = 64

export function createInstances(context: EngineContext, deps: InstancesDeps): Instances {
  const { store, clock } = context
  const change = async (scope: Scope, id: string, to: (value: Instance) => Instance) => {
    const record = await modify(store, { kind: instances, scope, id }, to)
    if (!record) throw instanceNotFound(id)
  }
  return {
    launch: (scope, request) => launch(context, deps, { scope, request }),
    find: (scope, instanceId) => store.find(instances, scope, instanceId),
    list: (scope) => store.list(instances, scope),
    change,
    terminate: (scope, instanceId) =>
      change(scope, instanceId, (instance) => {
        if (instance.desired === 'terminated') return instance
        requireMayTerminate(instance)
        // Why it ended before anybody asked is worth more than that somebody cleared it away.
        const endedByItself = instance.stateReason?.code === 'Server.InternalError'
        return {
          ...instance,
          desired: 'terminated',
          state: 'shutting-down',
          ...(!endedByItself && initiatedByUser(clock.now())),
        }
      }),
    stop: (scope, instanceId) =>
      change(scope, instanceId, (instance) => {
        if (instance.desired === 'terminated') throw wrongState(instance, 'stopped')
        if (instance.state === 'stopping') return instance
        // One that was lost with its zone is down, and would come back.
        if (instance.state === 'stopped') return { ...instance, desired: 'stopped' }
        requireMayStop(instance)
        requireOnDemand(instance)
        return {
          ...instance,
          desired: 'stopped',
          state: 'stopping',
          ...initiatedByUser(clock.now()),
        }
      }),
    start: (scope, instanceId) =>
      change(scope, instanceId, (instance) => {
        const { state, desired } = instance
        if (desired === 'running' && (state === 'running' || state === 'pending')) return instance
        if (state !== 'stopped') throw wrongState(instance, 'started')
        const { stateReason: _, stateTransitionReason: __, ...rest } = instance
        return { ...rest, desired: 'running', state: 'pending', launchedAt: clock.now() }
      }),
    reboot: (scope, instanceId) =>
      change(scope, instanceId, (instance) => {
        if (instance.desired !== 'running') throw wrongState(instance, 'rebooted')
        return { ...instance, rebootIncarnation: instance.incarnation }
      }),
    setTags: (scope, instanceId, tags) =>
      change(scope, instanceId, (instance) => ({ ...instance, tags: tags(instance.tags) })),
  }
}

/** AWS's words on StopInstances and TerminateInstances. */
function initiatedByUser(now: number) {
  return {
    stateReason: {
      code: 'Client.UserInitiatedShutdown',
      message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    stateTransitionReason: initiated('User', now),
  } as const
}

interface Placement {
  readonly subnet: SubnetView
  readonly securityGroupIds: readonly string[]
  readonly instanceProfileArn: string | undefined
}

async function launch(
  context: EngineContext,
  deps: InstancesDeps,
  { scope, request: given }: { scope: Scope; request: LaunchRequest },
): Promise<readonly StoredRecord<Instance>[]> {
  if ((given.clientToken?.length ?? 0) > tokenLengthMax) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value (${given.clientToken}) for parameter clientToken is invalid. It must not be longer than ${tokenLengthMax} characters.`,
    )
  }
  const digest = createHash('sha256').update(JSON.stringify(given)).digest('hex')
  const earlier = await launchedBefore(context, scope, { request: given, digest })
  if (earlier) return earlier
  const image = await checkRequest(context, scope, { request: given, deps })
  const machineImage = image?.imageId
  const request = await withVolumes(context, scope, { request: given, image })
  const placement = await place(context, deps, { scope, request })
  return withFreshAddresses(async () => {
    // Another call with the same token may have won the race that brought us here again.
    const meanwhile = await launchedBefore(context, scope, { request, digest })
    if (meanwhile) return meanwhile
    const made = await newInstances(context, deps, { scope, request, placement, machineImage })
    return context.store.transaction(async (records) => {
      if (request.clientToken !== undefined) {
        const instanceIds = made.map(({ instance }) => instance.instanceId)
        const at = { scope, id: request.clientToken }
        await records.insert(launchTokens, at, { digest, instanceIds })
      }
      const written: StoredRecord<Instance>[] = []
      for (const { instance, view } of made) {
        await deps.network.interfaces.insert(records, scope, view)
        const at = { scope, id: instance.instanceId, owner: instance.vpcId }
        written.push(await records.insert(instances, at, instance))
        const own = volumesOf(instance, request)
        for (const volume of own)
          await records.insert(volumes, { scope, id: volume.volumeId }, volume)
      }
      return written
    })
  })
}

async function launchedBefore(
  { store }: EngineContext,
  scope: Scope,
  { request, digest }: { request: LaunchRequest; digest: string },
): Promise<readonly StoredRecord<Instance>[] | undefined> {
  if (request.clientToken === undefined) return undefined
  const known = await store.find(launchTokens, scope, request.clientToken)
  if (!known) return undefined
  if (known.value.digest !== digest) {
    throw new Refusal(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    )
  }
  const found = await Promise.all(
    known.value.instanceIds.map((id) => store.find(instances, scope, id)),
  )
  return found.flatMap((record) => (record ? [record] : []))
}

/** Gives the image of one's own that it names, if it names one. */
async function checkRequest(
  { store }: EngineContext,
  scope: Scope,
  { request, deps }: { request: LaunchRequest; deps: InstancesDeps },
): Promise<OwnImage | undefined> {
  const { imageId, instanceType, count } = request
  if (!isImageId(imageId)) {
    throw new Refusal('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`)
  }
  const own = (await store.find(ownImages, scope, imageId))?.value
  const isUnknown = deps.strictImages && !isKnownImage(imageId)
  if (own ? own.state === 'deregistering' : isUnknown) throw imageNotFound(imageId)
  if (!own && (await store.find(deregisteredImages, scope, imageId))) throw imageNotFound(imageId)
  if (own && own.state !== 'available') {
    throw new Refusal('InvalidAMIID.Unavailable', `The image ID: '${imageId}' is ${own.state}`)
  }
  if (!instanceSizes.has(instanceType)) {
    throw new Refusal('InvalidParameterValue', `Invalid value '${instanceType}' for InstanceType.`)
  }
  if (count < 1 || count > launchCountMax) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value (${count}) for parameter count is invalid. It must be between 1 and ${launchCountMax}.`,
    )
  }
  checkUserData(request.userData)
  if (request.privateAddress !== undefined && count > 1) {
    throw new Refusal(
      'InvalidParameterCombination',
      'PrivateIpAddress may not be specified when launching more than one instance',
    )
  }
  return own
}

/** EC2's own bound, before the encoding. */
const userDataBytesMax = 16_384

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData)) {
    throw new Refusal('InvalidParameterValue', 'Invalid BASE64 encoding of user data.')
  }
  if (Buffer.byteLength(userData, 'base64') > userDataBytesMax) {
    throw new Refusal('InvalidParameterValue', 'User data is limited to 16384 bytes')
  }
}

/** Where it goes and what guards it, with everything that the request names checked to exist. */
async function place(
  { store }: EngineContext,
  { network, profiles, zones }: InstancesDeps,
  { scope, request }: { scope: Scope; request: LaunchRequest },
): Promise<Placement> {
  const subnet = await chooseSubnet(network, scope, request)
  requireCapacity(zones, { zone: subnet.zone, instanceType: request.instanceType })
  if (request.zone !== undefined && request.zone !== subnet.zone) {
    throw new Refusal(
      'InvalidParameterValue',
      `The availability zone ${request.zone} is not that of subnet ${subnet.subnetId}, ${subnet.zone}.`,
    )
  }
  if (request.keyName !== undefined && !(await store.find(keyPairs, scope, request.keyName))) {
    throw new Refusal('InvalidKeyPair.NotFound', `The key pair '${request.keyName}' does not exist`)
  }
  let instanceProfileArn: string | undefined
  if (request.instanceProfile !== undefined) {
    instanceProfileArn = (await profiles.find(scope, request.instanceProfile))?.arn
    if (instanceProfileArn === undefined) {
      throw new Refusal(
        'InvalidParameterValue',
        `Value (${request.instanceProfile}) for parameter iamInstanceProfile is invalid. Invalid IAM Instance Profile`,
      )
    }
  }
  const given = request.securityGroupIds ?? []
  const standard =
    given.length > 0 ? undefined : await network.defaultSecurityGroup(scope, subnet.vpcId)
  const securityGroupIds = standard === undefined ? given : [standard]
  return { subnet, securityGroupIds, instanceProfileArn }
}

async function chooseSubnet(
  network: NetworkEngine,
  scope: Scope,
  request: LaunchRequest,
): Promise<SubnetView> {
  if (request.subnetId !== undefined) {
    const subnet = await network.subnet(scope, request.subnetId)
    if (!subnet) throw notFound(subnets, request.subnetId)
    return subnet
  }
  const standard = await network.defaultSubnets(scope)
  const subnet = standard.find((each) => request.zone === undefined || each.zone === request.zone)
  if (subnet) return subnet
  if (request.zone !== undefined && standard.length > 0) {
    throw new Refusal(
      'InvalidParameterValue',
      `Invalid availability zone: [${request.zone}], or no default subnet in it`,
    )
  }
  throw new Refusal(
    'VPCIdNotSpecified',
    'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
  )
}

interface LaunchDecision {
  readonly scope: Scope
  readonly request: LaunchRequest
  readonly placement: Placement
  readonly machineImage: string | undefined
}

async function newInstances(
  { random, clock }: EngineContext,
  { network }: InstancesDeps,
  at: LaunchDecision,
): Promise<readonly { instance: Instance; view: InterfaceView }[]> {
  const { scope, request, placement, machineImage } = at
  const { subnet, securityGroupIds, instanceProfileArn } = placement
  const reservationId = resourceId(random, 'r')
  const ids = Array.from({ length: request.count }, () => resourceId(random, 'i'))
  const views = await network.interfaces.choose(
    scope,
    ids.map((machineId) => ({
      subnetId: subnet.subnetId,
      securityGroupIds,
      machineId,
      ...(request.associatePublicAddress !== undefined && {
        publicAddress: request.associatePublicAddress,
      }),
      ...(request.privateAddress !== undefined && { address: request.privateAddress }),
      description: '',
      tags: request.interfaceTags ?? [],
    })),
  )
  return views.map((view, launchIndex) => {
    const instance: Instance = {
      ...keptOf(request),
      ...(machineImage !== undefined && { machineImage }),
      instanceId: view.machineId ?? '',
      reservationId,
      launchIndex,
      zone: view.zone,
      vpcId: view.vpcId,
      subnetId: view.subnetId,
      interfaceId: view.interfaceId,
      macAddress: view.macAddress,
      privateAddress: view.address,
      ...(view.publicAddress !== undefined && { publicAddress: view.publicAddress }),
      securityGroupIds,
      ...(instanceProfileArn !== undefined && { instanceProfileArn }),
      launchedAt: clock.now(),
      desired: 'running',
      state: 'pending',
      incarnation: 0,
      metadataTokens: request.metadataTokens ?? 'optional',
      ...(request.spot && {
        spot: { ...request.spot, requestId: resourceId(random, 'sir'), createdAt: clock.now() },
      }),
    }
    return { instance, view }
  })
}

/** What an instance keeps of its launch just as it was asked for; where and how many is decided here. */
function keptOf(request: LaunchRequest) {
  const { imageId, instanceType, keyName, userData, clientToken, tags } = request
  const { metadataEnabled, metadataTags, shutdownBehavior, isProtected } = request
  const { isStopProtected, isMonitored, cpuCredits, rootVolume } = request
  const { metadataHopLimit, ebsOptimized } = request
  return {
    imageId,
    instanceType,
    tags,
    ...(keyName !== undefined && { keyName }),
    ...(userData !== undefined && { userData }),
    ...(clientToken !== undefined && { clientToken }),
    ...(metadataEnabled !== undefined && { metadataEnabled }),
    ...(metadataTags !== undefined && { metadataTags }),
    ...(metadataHopLimit !== undefined && { metadataHopLimit }),
    ...(ebsOptimized !== undefined && { ebsOptimized }),
    ...(shutdownBehavior !== undefined && { shutdownBehavior }),
    ...(isProtected !== undefined && { isProtected }),
    ...(isStopProtected !== undefined && { isStopProtected }),
    ...(isMonitored !== undefined && { isMonitored }),
    ...(cpuCredits !== undefined && { cpuCredits }),
    ...(rootVolume !== undefined && { rootVolume }),
    ...((request.blockDevices ?? []).length > 0 && { hasVolumes: true }),
  }
}
