import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { createRole as makeRole, roleShape } from '../roles.ts'

export const createRole: Operation<IamOperations, 'CreateRole', IamDeps> = {
  accepts: {
    RoleName: true,
    Path: true,
    AssumeRolePolicyDocument: true,
    Description: true,
    MaxSessionDuration: true,
    Tags: { Key: true, Value: true },
  },
  async handle(input, request, deps) {
    return { Role: roleShape(await makeRole(deps, { scope: request.scope }, input)) }
  },
}
