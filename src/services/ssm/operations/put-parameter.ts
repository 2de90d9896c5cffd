import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { putParameter as put } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const putParameter: Operation<SsmOperations, 'PutParameter', SsmDeps> = {
  accepts: {
    Name: true,
    Description: true,
    Value: true,
    Type: true,
    KeyId: is('alias/aws/ssm'),
    Overwrite: true,
    AllowedPattern: true,
    Tier: is('Standard', 'Intelligent-Tiering'),
    DataType: is('text'),
  },
  async handle(input, request, deps) {
    const version = await put(deps, request.scope, {
      name: input.Name ?? '',
      value: input.Value ?? '',
      type: input.Type,
      description: input.Description,
      allowedPattern: input.AllowedPattern,
      overwrite: input.Overwrite ?? false,
      by: request.principal.arn,
    })
    return { Version: version, Tier: 'Standard' }
  },
}
