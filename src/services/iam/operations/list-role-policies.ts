import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listRolePolicies: Operation<IamOperations, 'ListRolePolicies', IamDeps> = {
  accepts: { RoleName: true, Marker: true, MaxItems: true },
  handle: (input, { scope }, deps) =>
    rolePolicies.list(deps, { scope, name: input.RoleName }, input),
}
