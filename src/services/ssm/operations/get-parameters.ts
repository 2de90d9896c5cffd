import type { Parameter } from '@aws-sdk/client-ssm'
import { AwsError } from '../../../kernel/errors.ts'
import type { Operation } from '../../../wire/service.ts'
import { validationException } from '../errors.ts'
import { parameterShape } from '../parameter-shape.ts'
import { needParameter } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

const namesMax = 10

export const getParameters: Operation<SsmOperations, 'GetParameters', SsmDeps> = {
  accepts: { Names: true, WithDecryption: true },
  async handle(input, request, deps) {
    if ((input.Names ?? []).length > namesMax) {
      throw validationException(`At most ${namesMax} names can be asked for at once`)
    }
    const Parameters: Parameter[] = []
    const InvalidParameters: string[] = []
    for (const name of new Set(input.Names ?? [])) {
      try {
        const parameter = await needParameter(deps, request.scope, name)
        Parameters.push(parameterShape(deps, request.scope, parameter, input.WithDecryption))
      } catch (thrown) {
        if (!(thrown instanceof AwsError)) throw thrown
        InvalidParameters.push(name)
      }
    }
    return { Parameters, InvalidParameters }
  },
}
