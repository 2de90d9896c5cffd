import { checkGroupName } from '../../../logs/group-catalogue.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'
import { checkedTags } from '../tags.ts'

export const createLogGroup: Operation<LogsOperations, 'CreateLogGroup', LogsServiceDeps> = {
  accepts: {
    logGroupName: true,
    tags: true,
    logGroupClass: is('STANDARD'),
    deletionProtectionEnabled: true,
  },
  async handle(input, { scope }, { logs }) {
    const { logGroupName: name = '', tags, deletionProtectionEnabled = false } = input
    checkGroupName(name)
    if (/^aws\//i.test(name)) {
      throw invalid('Log groups starting with AWS/ are reserved for AWS.')
    }
    await logs.groups.create(scope, {
      ...{ name, tags: checkedTags(tags), isProtected: deletionProtectionEnabled },
    })
    return {}
  },
}
