import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const attachRolePolicy: Operation<IamOperations, 'AttachRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    rolePolicies.attach(deps, { scope, name: input.RoleName }, input.PolicyArn),
}
