import { modify } from '../../../store/records.ts'
import type { Operation } from '../../../wire/service.ts'
import { parameterNotFound, validationException } from '../errors.ts'
import { withLabels, type Labelled } from '../labels.ts'
import { parameters, plainName } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const labelParameterVersion: Operation<SsmOperations, 'LabelParameterVersion', SsmDeps> = {
  accepts: { Name: true, ParameterVersion: true, Labels: true },
  async handle(input, { scope }, deps) {
    const { Labels = [], ParameterVersion } = input
    if (Labels.length === 0) throw validationException('Labels must have at least one member.')
    const id = plainName(input.Name)
    let done: Labelled | undefined
    await modify(deps.store, { kind: parameters, scope, id }, (known) => {
      done = withLabels(known, ParameterVersion, Labels)
      return done.parameter
    })
    if (!done) throw parameterNotFound(input.Name ?? '')
    return { InvalidLabels: [...done.invalid], ParameterVersion: done.version }
  },
}
