import { checkStreamName } from '../../../logs/group-catalogue.ts'
import { alreadyExists } from '../../../logs/refusal.ts'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import type { LogsServiceDeps } from '../service-deps.ts'
import { textOf } from '../stack-text.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-logstream.html */
export function logStreamType({ logs: { groups } }: LogsServiceDeps): ResourceType {
  return {
    name: 'AWS::Logs::LogStream',
    properties: { LogGroupName: 'string', LogStreamName: 'string' },
    required: ['LogGroupName'],
    attributes: [],
    replaceOn: ['LogGroupName', 'LogStreamName'],
    async create(properties, context) {
      const { scope, token } = context
      const groupName = textOf(properties, 'LogGroupName') ?? ''
      const name = textOf(properties, 'LogStreamName') ?? context.physicalName(512)
      checkStreamName(name)
      const group = await groups.require(scope, groupName)
      const held = await groups.findStream(scope, group, name)
      if (held && held.token !== token) throw alreadyExists('stream')
      await context.started(name)
      if (!held) await groups.createStream(scope, groupName, { name, token })
      return { physicalId: name, attributes: {} }
    },
    async read({ physicalId: name, properties }, { scope }) {
      const groupName = textOf(properties, 'LogGroupName') ?? ''
      const group = await groups.find(scope, groupName)
      if (!group || !(await groups.findStream(scope, group, name))) return undefined
      const named = properties['LogStreamName'] === undefined ? {} : { LogStreamName: name }
      return { LogGroupName: groupName, ...named }
    },
    async remove({ physicalId: name, properties }, { scope }) {
      const groupName = textOf(properties, 'LogGroupName') ?? ''
      const group = await groups.find(scope, groupName)
      if (!group || !(await groups.findStream(scope, group, name))) return
      await groups.removeStream(scope, groupName, name)
    },
  }
}
