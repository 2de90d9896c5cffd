import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const putRolePolicy: Operation<IamOperations, 'PutRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true, PolicyDocument: true },
  handle: (input, { scope }, deps) =>
    rolePolicies.put(deps, { scope, name: input.RoleName }, input),
}
