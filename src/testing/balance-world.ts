import { createBalance, type Balance } from '../balance/create-balance.ts'
import { computeWorld, type ComputeWorld } from './compute-world.ts'

/** A compute world with the engine of balancers on it. */
export interface BalanceWorld extends ComputeWorld {
  readonly balance: Balance
  /** Of the default VPC, one a zone. */
  readonly subnetIds: string[]
  readonly vpcId: string
}

export async function balanceWorld(): Promise<BalanceWorld> {
  const world = await computeWorld()
  const { network, context, scope } = world
  const balance = createBalance(context, {
    driver: world.host,
    network,
    runDirectory: '/run/evenkeel-test',
    folders: { make: async () => undefined, remove: async () => undefined },
  })
  const subnets = await network.defaultSubnets(scope)
  return {
    ...world,
    balance,
    subnetIds: subnets.map((subnet) => subnet.subnetId),
    vpcId: subnets[0]?.vpcId ?? '',
    async close() {
      balance.close()
      await world.close()
    },
  }
}
