import { tagsByKey, type Tag } from '../../../kernel/tags.ts'
import type { Target } from '@aws-sdk/client-eventbridge'
import type { Scope } from '../../../kernel/scope.ts'
import { ruleArn } from '../../../rules/rule.ts'
import type {
  Properties,
  PropertyTree,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { checkBus } from '../find.ts'
import { invalid } from '../errors.ts'
import type { EventsDeps } from '../service-deps.ts'
import { targetOf } from '../target-specification.ts'

const honoured: PropertyTree = {
  Name: 'string',
  Description: 'string',
  EventBusName: 'string',
  EventPattern: 'json',
  RoleArn: 'string',
  ScheduleExpression: 'string',
  State: 'string',
  Tags: { Key: 'string', Value: 'string' },
  Targets: {
    Id: 'string',
    Arn: 'string',
    RoleArn: 'string',
    Input: 'string',
    InputPath: 'string',
    InputTransformer: { InputPathsMap: true, InputTemplate: 'string' },
    SqsParameters: { MessageGroupId: 'string' },
    DeadLetterConfig: { Arn: 'string' },
    RetryPolicy: { MaximumRetryAttempts: 'number', MaximumEventAgeInSeconds: 'number' },
  },
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
export function ruleType({ rules: { catalogue } }: EventsDeps): ResourceType {
  async function put(
    properties: Properties,
    at: { scope: Scope; name: string; tags?: Record<string, string>; token?: string },
  ): Promise<void> {
    const { scope, name, tags = {}, token } = at
    checkBus(scope, textOf(properties['EventBusName']))
    const targets = targetsOf(properties).map((target) => targetOf(scope, target))
    const state = textOf(properties['State']) ?? 'ENABLED'
    if (state !== 'ENABLED' && state !== 'DISABLED') {
      throw invalid(`State: ${state} is not supported here`)
    }
    await catalogue.put(scope, {
      ...{ name, tags, isEnabled: state === 'ENABLED' },
      pattern: textOf(properties['EventPattern']),
      schedule: textOf(properties['ScheduleExpression']),
      description: textOf(properties['Description']),
      roleArn: textOf(properties['RoleArn']),
      ...(token === undefined ? {} : { token }),
    })
    const kept = targets.map(({ id }) => id)
    const held = (await catalogue.require(scope, name)).targets.map(({ id }) => id)
    const left = held.filter((id) => !kept.includes(id))
    await catalogue.removeTargets(scope, name, left)
    await catalogue.putTargets(scope, name, targets)
  }

  return {
    name: 'AWS::Events::Rule',
    properties: honoured,
    required: [],
    attributes: ['Arn'],
    replaceOn: ['Name', 'EventBusName'],
    async create(properties, context) {
      const { scope, token } = context
      const name = textOf(properties['Name']) ?? context.physicalName(64)
      const held = await catalogue.find(scope, name)
      if (held && held.token !== token) throw invalid(`Rule ${name} already exists.`)
      await context.started(name)
      await put(properties, { scope, name, token, tags: tagsOf(properties, context.tags) })
      return stateOf(scope, name)
    },
    async update({ physicalId, after }, context) {
      const { scope } = context
      const held = await catalogue.require(scope, physicalId)
      const token = held.token === undefined ? {} : { token: held.token }
      await put(after, { scope, name: physicalId, ...token })
      const tags = tagsOf(after, context.tags)
      await catalogue.change(scope, physicalId, (rule) => ({ ...rule, tags }))
      return stateOf(scope, physicalId)
    },
    async remove({ physicalId }, { scope }) {
      await catalogue.remove(scope, physicalId, { withTargets: true })
    },
  }
}

function stateOf(scope: Scope, name: string): ResourceState {
  return { physicalId: name, attributes: { Arn: ruleArn(scope, name) } }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Numbers may come as text, as templates write them. */
function targetsOf(properties: Properties): readonly Target[] {
  return ((properties['Targets'] ?? []) as readonly Target[]).map((target) => {
    const { RetryPolicy: policy, ...rest } = target
    if (!policy) return rest
    const numbers = Object.entries(policy).map(([name, value]) => [name, Number(value)])
    return { ...rest, RetryPolicy: Object.fromEntries(numbers) as typeof policy }
  })
}

function tagsOf(properties: Properties, stackTags: readonly Tag[]): Record<string, string> {
  return tagsByKey([...stackTags, ...((properties['Tags'] ?? []) as readonly Tag[])])
}
