import { checkGroupName, checkRetention } from '../../../logs/group-catalogue.ts'
import type { Operation } from '../../../wire/service.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const putRetentionPolicy: Operation<LogsOperations, 'PutRetentionPolicy', LogsServiceDeps> =
  {
    accepts: { logGroupName: true, retentionInDays: true },
    async handle({ logGroupName: name = '', retentionInDays: days = 0 }, { scope }, { logs }) {
      checkGroupName(name)
      checkRetention(days)
      await logs.groups.setRetention(scope, name, days)
      return {}
    },
  }
