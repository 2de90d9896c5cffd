import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { createGroup as makeGroup, groupShape } from '../groups.ts'

export const createGroup: Operation<IamOperations, 'CreateGroup', IamDeps> = {
  accepts: { GroupName: true, Path: true },
  async handle(input, request, deps) {
    return { Group: groupShape(await makeGroup(deps, { scope: request.scope }, input)) }
  },
}
