import type { Scope } from '../kernel/scope.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import type { BlueGreenCourse, BlueGreenPhase } from './blue-green.ts'
import { chooseBlue } from './choose-targets.ts'
import type { Deployment } from './deployment.ts'
import { deploymentGroups, groupKey } from './deployment-group.ts'
import { deploymentTargets, targetKey } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'

/** Moves a blue/green deployment to its next phase, with what that phase finds in place. Repeating it is safe. */
export async function enterPhase(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  phase: BlueGreenPhase,
): Promise<void> {
  const deployment = record.value
  const course = deployment.blueGreen
  if (!course) return
  if (phase === 'block' && course.returnsFrom === undefined) await addBlue(world, record)
  if (phase === 'terminationWait') await settleOnTaker(world, record.scope, deployment)
  await world.context.store.update(record, {
    ...deployment,
    status: phase === 'ready' || phase === 'terminationWait' ? 'Ready' : 'InProgress',
    blueGreen: { ...course, phase, phaseSince: world.context.clock.now() },
  })
}

/** Instances that the original environment was given since the deployment began leave it with the others. */
async function addBlue(world: DeployWorld, record: StoredRecord<Deployment>): Promise<void> {
  const { store } = world.context
  const { scope, value: deployment } = record
  const owner = deployment.deploymentId
  const known = (await store.list(deploymentTargets, scope, { owner })).map(({ value }) => value)
  const ids = new Set(known.map((target) => target.targetId))
  for (const target of await chooseBlue(world, scope, { deployment, green: known })) {
    if (ids.has(target.targetId)) continue
    const id = targetKey(owner, target.targetId)
    await store.insert(deploymentTargets, { scope, id, owner }, target)
  }
}

/**
 * The environment that has the traffic is the group's from here on: the next deployment's original one. A copied Auto Scaling group
 * takes over the balancer of the group that it was copied from, so that its later instances enter it by themselves.
 */
export async function settleOnTaker(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<void> {
  const course = deployment.blueGreen
  if (!course) return
  const isReturn = course.returnsFrom !== undefined
  const taker = isReturn ? deployment.selection : course.green
  const leaver = isReturn ? course.green : deployment.selection
  const id = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  await modify(world.context.store, { kind: deploymentGroups, scope, id }, (group) => ({
    ...group,
    selection: taker,
  }))
  if (course.greenFleet !== 'COPY_AUTO_SCALING_GROUP') return
  const [from] = leaver.autoScalingGroups
  const [to] = taker.autoScalingGroups
  if (from === undefined || to === undefined) return
  const arns = await world.groups.targetGroupArns(scope, from)
  if (arns.length === 0) return
  await world.groups.change(scope, to, (group) => ({
    ...group,
    targetGroupArns: [...new Set([...group.targetGroupArns, ...arns])],
  }))
  await world.groups.change(scope, from, (group) => ({ ...group, targetGroupArns: [] }))
}

/** TERMINATE: the original Auto Scaling groups with all that is in them, and the original instances that the tags named. */
export async function terminateBlue(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
  course: BlueGreenCourse,
): Promise<void> {
  const kept = new Set(course.green.autoScalingGroups)
  const goers = deployment.selection.autoScalingGroups.filter((name) => !kept.has(name))
  const owned = new Set<string>()
  for (const name of goers) {
    for (const member of (await world.groups.members(scope, name)) ?? []) {
      owned.add(member.instanceId)
    }
    await world.groups.remove(scope, name, true)
  }
  const owner = deployment.deploymentId
  for (const { value } of await world.context.store.list(deploymentTargets, scope, { owner })) {
    if (value.label !== 'Blue' || owned.has(value.targetId)) continue
    const instance = await world.instances.find(scope, value.targetId)
    if (instance?.value.desired === 'running') {
      await world.instances.terminate(scope, value.targetId)
    }
  }
}
