import { disassociateAddress as disassociate } from '../elastic-address.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const disassociateAddress: Ec2Operation<'DisassociateAddress'> = {
  accepts: { AssociationId: true, PublicIp: true },
  async handle(input, { scope }, deps) {
    const byAddress = async (): Promise<string> => {
      const publicAddress = required(input.PublicIp, 'associationId')
      const { association } = await deps.network.elastic.find(scope, { publicAddress })
      return association?.associationId ?? ''
    }
    await disassociate(deps, scope, input.AssociationId ?? (await byAddress()))
    return {}
  },
}
