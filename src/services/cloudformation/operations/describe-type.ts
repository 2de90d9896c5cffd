import { typeSchema } from '../../../stacks/domain/type-schema.ts'
import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { typeNotFound } from '../errors.ts'
import { typeArn } from '../type-view.ts'

/** A type by its name or its ARN. Its schema says what is honoured here, not all that AWS has. */
export const describeType: CloudFormationOperation<'DescribeType'> = {
  accepts: { Type: is('RESOURCE'), TypeName: true, Arn: true },
  async handle({ TypeName, Arn }, request, deps) {
    const type = deps.stacks
      .types()
      .find(
        ({ name }) =>
          (Arn === undefined ? name : typeArn(request.scope, name)) === (Arn ?? TypeName),
      )
    if (!type) throw typeNotFound(Arn ?? TypeName ?? '')
    return {
      Arn: typeArn(request.scope, type.name),
      Type: 'RESOURCE',
      TypeName: type.name,
      Schema: JSON.stringify(typeSchema(type)),
      ProvisioningType: type.update ? 'FULLY_MUTABLE' : 'IMMUTABLE',
      Visibility: 'PUBLIC',
      DeprecatedStatus: 'LIVE',
      IsActivated: true,
    }
  },
}
