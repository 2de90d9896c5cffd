import type { PutWarmPoolType } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { alreadyHasWarmPool, groupNotFound, pendingDelete, poolOfMixedGroup } from '../errors.ts'
import { checkWarmPool, warmPoolShape } from '../warm-pool-specification.ts'
import type { AutoScalingDeps } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

/** Hooks of instances on their way out may hold them, but a stack does not wait for days. */
const goneMilliseconds = 75 * 60_000

/** `AWS::AutoScaling::WarmPool`. Its id is the group's name, as on AWS. */
export function warmPoolType(deps: AutoScalingDeps): ResourceType {
  async function put(scope: Scope, properties: Properties, groupName: string) {
    const pool = checkWarmPool(properties as Partial<PutWarmPoolType>)
    const answer = await deps.scale.putPool(scope, groupName, pool)
    if (answer === 'unknown') throw groupNotFound(groupName)
    if (answer === 'mixed') throw poolOfMixedGroup(groupName)
    if (answer !== 'put') throw pendingDelete(groupName)
    return { physicalId: groupName, attributes: {} }
  }
  return {
    name: 'AWS::AutoScaling::WarmPool',
    properties: {
      AutoScalingGroupName: 'string',
      InstanceReusePolicy: { ReuseOnScaleIn: 'boolean' },
      MaxGroupPreparedCapacity: 'number',
      MinSize: 'number',
      PoolState: 'string',
    },
    required: ['AutoScalingGroupName'],
    attributes: [],
    replaceOn: ['AutoScalingGroupName'],
    async create(properties, context) {
      const { AutoScalingGroupName: given } = properties as Partial<PutWarmPoolType>
      const group = await groupNamed(deps, context.scope, given)
      const wanted = checkWarmPool(properties as Partial<PutWarmPoolType>)
      const isOther =
        group.warmPool !== undefined &&
        JSON.stringify(warmPoolShape(group.warmPool)) !== JSON.stringify(warmPoolShape(wanted))
      if (isOther) throw alreadyHasWarmPool(group.name)
      await context.started(group.name)
      return put(context.scope, properties, group.name)
    },
    update: ({ physicalId, after }, { scope }) => put(scope, after, physicalId),
    async read({ physicalId }, { scope }) {
      const pool = (await deps.scale.find(scope, physicalId))?.warmPool
      return pool && !pool.isDeleting
        ? { AutoScalingGroupName: physicalId, ...warmPoolShape(pool) }
        : undefined
    },
    async remove({ physicalId }, context) {
      const { scope } = context
      if ((await deps.scale.removePool(scope, physicalId, true)) !== 'removed') return
      await context.until(
        `the warm pool of ${physicalId} to terminate its instances`,
        goneMilliseconds,
        async () => {
          const all = await deps.scale.membersOf(scope, physicalId)
          return all.some(({ value }) => value.warm === 'leaving') ? undefined : true
        },
      )
    },
  }
}
