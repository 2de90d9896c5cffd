import type { Operation } from '../../../wire/service.ts'
import { parameterShape } from '../parameter-shape.ts'
import { needParameter } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const getParameter: Operation<SsmOperations, 'GetParameter', SsmDeps> = {
  accepts: { Name: true, WithDecryption: true },
  async handle(input, request, deps) {
    const name = input.Name ?? ''
    const parameter = await needParameter(deps, request.scope, name)
    const shape = parameterShape(deps, request.scope, parameter, input.WithDecryption)
    const colon = name.startsWith('arn:') ? -1 : name.indexOf(':')
    return { Parameter: colon < 0 ? shape : { ...shape, Selector: name.slice(colon) } }
  },
}
