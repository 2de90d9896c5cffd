import { logGroupArn, type LogGroup } from '../../../logs/log-group.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { invalid } from '../errors.ts'
import { groupNameOf } from '../identify.ts'
import { pageWith } from '../paging.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const describeLogGroups: Operation<LogsOperations, 'DescribeLogGroups', LogsServiceDeps> = {
  accepts: {
    logGroupNamePrefix: true,
    logGroupNamePattern: true,
    logGroupIdentifiers: true,
    logGroupClass: is('STANDARD'),
    includeLinkedAccounts: is(false),
    nextToken: true,
    limit: true,
  },
  async handle(input, { scope }, { logs }) {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input
    if (prefix !== undefined && pattern !== undefined) {
      throw invalid(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      )
    }
    const identifiers = input.logGroupIdentifiers
    const names = identifiers?.map((identifier) => groupNameOf(scope, identifier))
    const groups = (await logs.groups.list(scope, prefix))
      .filter(({ name }) => pattern === undefined || name.includes(pattern))
      .filter(({ name }) => names === undefined || names.includes(name))
    const { items, next } = pageWith(groups, ({ name }) => name, { ...input, most: 50 })
    const named = (group: LogGroup) => ({
      logGroupName: group.name,
      creationTime: group.createdAt,
      arn: `${logGroupArn(scope, group.name)}:*`,
      logGroupArn: logGroupArn(scope, group.name),
      logGroupClass: 'STANDARD' as const,
    })
    if (pattern !== undefined) return { logGroups: items.map(named), ...next }
    const bytes = await logs.events.bytes(items.map(({ id }) => id))
    const filters = await logs.filters.listAll(scope)
    const logGroups = items.map((group) => ({
      ...named(group),
      ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
      deletionProtectionEnabled: group.isProtected ?? false,
      metricFilterCount: filters.filter(({ groupId }) => groupId === group.id).length,
      storedBytes: bytes.get(group.id) ?? 0,
    }))
    return { logGroups, ...next }
  },
}
