import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller, createAccessKey as makeAccessKey, rootUserName } from '../access-keys.ts'

export const createAccessKey: Operation<IamOperations, 'CreateAccessKey', IamDeps> = {
  accepts: { UserName: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    const key = await makeAccessKey(deps, { scope: request.scope }, name)
    return {
      AccessKey: {
        UserName: name ?? rootUserName,
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        Status: key.status,
        CreateDate: new Date(key.createdAt),
      },
    }
  },
}
