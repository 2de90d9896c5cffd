import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { createPolicy as makePolicy, policyShape } from '../managed-policies.ts'

export const createPolicy: Operation<IamOperations, 'CreatePolicy', IamDeps> = {
  accepts: {
    PolicyName: true,
    Path: true,
    PolicyDocument: true,
    Description: true,
    Tags: { Key: true, Value: true },
  },
  async handle(input, request, deps) {
    const policy = await makePolicy(deps, { scope: request.scope }, input)
    return { Policy: await policyShape(deps, request.scope, policy) }
  },
}
