import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { checkedIdentifier, checkedType } from '../request-members.ts'

export const getResource: CloudControlOperation<'GetResource'> = {
  accepts: { TypeName: true, Identifier: true },
  async handle(input, { scope }, { stacks }) {
    const typeName = checkedType(input.TypeName)
    const identifier = checkedIdentifier(input.Identifier)
    const found = await stacks.requests.describe(scope, typeName, identifier)
    return {
      TypeName: typeName,
      ResourceDescription: { Identifier: found.identifier, Properties: found.properties },
    }
  },
}
