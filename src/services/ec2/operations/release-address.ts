import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const releaseAddress: Ec2Operation<'ReleaseAddress'> = {
  accepts: { AllocationId: true, PublicIp: true, NetworkBorderGroup: true },
  async handle(input, { scope }, { network }) {
    const byAddress = async (): Promise<string> => {
      const publicAddress = required(input.PublicIp, 'allocationId')
      return (await network.elastic.find(scope, { publicAddress })).allocationId
    }
    await network.elastic.release(scope, input.AllocationId ?? (await byAddress()))
    return {}
  },
}
