import { tagList, tagsBeside, tagsByKey, type Tag } from '../../../kernel/tags.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { checkGroupName, checkRetention } from '../../../logs/group-catalogue.ts'
import { logGroupArn } from '../../../logs/log-group.ts'
import { alreadyExists } from '../../../logs/refusal.ts'
import type {
  Inventory,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { LogsServiceDeps } from '../service-deps.ts'
import { textOf } from '../stack-text.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
export function logGroupType({ logs: { groups } }: LogsServiceDeps): ResourceType {
  return {
    name: 'AWS::Logs::LogGroup',
    properties: {
      DeletionProtectionEnabled: 'boolean',
      LogGroupName: 'string',
      LogGroupClass: 'string',
      RetentionInDays: 'number',
      Tags: { Key: 'string', Value: 'string' },
    },
    problem: ({ LogGroupClass }) =>
      typeof LogGroupClass === 'string' && LogGroupClass !== 'STANDARD'
        ? `LogGroupClass: ${LogGroupClass} is not supported here`
        : undefined,
    required: [],
    attributes: ['Arn'],
    replaceOn: ['LogGroupName', 'LogGroupClass'],
    async create(properties, context) {
      const { scope, token } = context
      const name = textOf(properties, 'LogGroupName') ?? context.physicalName(512)
      const retentionDays = retentionOf(properties)
      checkGroupName(name)
      const held = await groups.find(scope, name)
      if (held && held.token !== token) throw alreadyExists('group')
      await context.started(name)
      const tags = tagsOf(properties, context.tags)
      const retention = retentionDays === undefined ? {} : { retentionDays }
      const isProtected = isTrue(properties['DeletionProtectionEnabled'])
      if (!held) await groups.create(scope, { name, tags, token, isProtected, ...retention })
      return stateOf(scope, name)
    },
    async update({ physicalId: name, after }, { scope, tags: stackTags }) {
      const retentionDays = retentionOf(after)
      const tags = tagsOf(after, stackTags)
      await groups.change(scope, name, ({ retentionDays: _before, ...group }) => ({
        ...group,
        tags,
        isProtected: isTrue(after['DeletionProtectionEnabled']),
        ...(retentionDays === undefined ? {} : { retentionDays }),
      }))
      return stateOf(scope, name)
    },
    async read({ physicalId: name, properties }, { scope, tags: stackTags }) {
      const group = await groups.find(scope, name)
      if (!group) return undefined
      const all = tagList(group.tags)
      const tags = tagsBeside(all, stackTags)
      return {
        ...(properties['LogGroupName'] === undefined ? {} : { LogGroupName: name }),
        ...(group.retentionDays === undefined ? {} : { RetentionInDays: group.retentionDays }),
        ...(group.isProtected ? { DeletionProtectionEnabled: true } : {}),
        ...(tags.length === 0 ? {} : { Tags: tags }),
      }
    },
    async remove({ physicalId: name }, { scope }) {
      if (await groups.find(scope, name)) await groups.remove(scope, name)
    },
    inventory: logGroupInventory(groups),
  }
}

function logGroupInventory(groups: LogsServiceDeps['logs']['groups']): Inventory {
  return {
    identifier: 'LogGroupName',
    async list(scope) {
      return (await groups.list(scope)).map(({ name }) => name)
    },
    async describe(name, scope) {
      const group = await groups.find(scope, name)
      if (!group) return undefined
      return {
        LogGroupName: name,
        LogGroupClass: 'STANDARD',
        RetentionInDays: group.retentionDays,
        DeletionProtectionEnabled: group.isProtected ?? false,
        Tags: tagList(group.tags),
        ...stateOf(scope, name).attributes,
      }
    },
  }
}

function stateOf(scope: Scope, name: string): ResourceState {
  return { physicalId: name, attributes: { Arn: `${logGroupArn(scope, name)}:*` } }
}

/** Truth may come as text, as templates write it. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

function retentionOf(properties: Properties): number | undefined {
  const given = properties['RetentionInDays']
  if (given === undefined) return undefined
  const days = Number(given)
  checkRetention(days)
  return days
}

function tagsOf(properties: Properties, stackTags: readonly Tag[]): Record<string, string> {
  return tagsByKey([...stackTags, ...((properties['Tags'] ?? []) as readonly Tag[])])
}
