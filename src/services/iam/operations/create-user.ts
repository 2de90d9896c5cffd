import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { createUser as makeUser, userShape } from '../users.ts'

export const createUser: Operation<IamOperations, 'CreateUser', IamDeps> = {
  accepts: { UserName: true, Path: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    return { User: userShape(await makeUser(deps, { scope: request.scope }, input)) }
  },
}
