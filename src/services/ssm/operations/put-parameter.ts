import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { tagsWithOverwrite } from '../errors.ts'
import { putParameter as put } from '../parameters.ts'
import { tagsGiven } from '../tags.ts'
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
    Tags: { Key: true, Value: true },
  },
  async handle(input, request, deps) {
    const tags = tagsGiven(input.Tags)
    if (tags.length > 0 && input.Overwrite === true) throw tagsWithOverwrite()
    const version = await put(deps, request.scope, {
      name: input.Name ?? '',
      value: input.Value ?? '',
      type: input.Type,
      description: input.Description,
      allowedPattern: input.AllowedPattern,
      overwrite: input.Overwrite ?? false,
      by: request.principal.arn,
      tags,
    })
    return { Version: version, Tier: 'Standard' }
  },
}
