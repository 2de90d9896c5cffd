import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { RecordExists } from '../store/records.ts'
import { requireRecord } from './lookup.ts'
import { securityGroups, vpcs, type GroupRule } from './records.ts'

/** What templates of EC2-Classic call the group of every balancer: `amazon-elb/amazon-elb-sg`. */
export const balancerGroup = { owner: 'amazon-elb', name: 'amazon-elb-sg' } as const

/** The group of a VPC's balancers that were given none, made on first use. Only balancers' nodes are in it. */
export async function ensureBalancerGroup(
  { store, random }: Pick<EngineContext, 'store' | 'random'>,
  scope: Scope,
  vpcId: string,
): Promise<string> {
  // Follows from the VPC, so that two who make it at once make one.
  const groupId = vpcId.replace(/^vpc-/, 'sg-')
  if (await store.find(securityGroups, scope, groupId)) return groupId
  const rule = (direction: GroupRule['direction']): GroupRule => ({
    ruleId: resourceId(random, 'sgr'),
    direction,
    protocol: 'all',
    cidr: '0.0.0.0/0',
    tags: [],
  })
  try {
    await store.transaction(async (records) => {
      await requireRecord(records, vpcs, scope, vpcId)
      await records.insert(
        securityGroups,
        { scope, id: groupId, owner: vpcId },
        {
          groupId,
          name: balancerGroup.name,
          description: 'ELB created security group used when no security group is specified',
          vpcId,
          rules: [rule('ingress'), rule('egress')],
          tags: [],
        },
      )
    })
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
  }
  return groupId
}
