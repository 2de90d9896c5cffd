import { modify } from '../../../store/records.ts'
import type { Operation } from '../../../wire/service.ts'
import { parameterNotFound } from '../errors.ts'
import { withoutLabels } from '../labels.ts'
import { parameters, plainName } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const unlabelParameterVersion: Operation<SsmOperations, 'UnlabelParameterVersion', SsmDeps> =
  {
    accepts: { Name: true, ParameterVersion: true, Labels: true },
    async handle(input, { scope }, deps) {
      const { Labels = [], ParameterVersion = 0 } = input
      const id = plainName(input.Name)
      let done: ReturnType<typeof withoutLabels> | undefined
      await modify(deps.store, { kind: parameters, scope, id }, (known) => {
        done = withoutLabels(known, ParameterVersion, Labels)
        return done.parameter
      })
      if (!done) throw parameterNotFound(input.Name ?? '')
      return { RemovedLabels: [...done.removed], InvalidLabels: [...done.invalid] }
    },
  }
