import type { CreateListenerInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { listenerArn, openBalanceArn } from '../../../balance/arns.ts'
import type { PropertyTree, ResourceType } from '../../../stacks/resource-type.ts'
import type { Elbv2Deps } from '../deps.ts'
import { createListener } from '../operations/create-listener.ts'
import { modifyListener } from '../operations/modify-listener.ts'
import { callOperation, isOurs, pick, stackTags } from '../stack-call.ts'

/** The actions of listeners and rules, as templates write them. */
export const actionProperties: PropertyTree = {
  Type: 'string',
  Order: 'number',
  TargetGroupArn: 'string',
  ForwardConfig: {
    TargetGroups: { TargetGroupArn: 'string', Weight: 'number' },
    TargetGroupStickinessConfig: { Enabled: 'boolean', DurationSeconds: 'number' },
  },
  FixedResponseConfig: { StatusCode: 'string', ContentType: 'string', MessageBody: 'string' },
  RedirectConfig: {
    Protocol: 'string',
    Host: 'string',
    Port: 'string',
    Path: 'string',
    Query: 'string',
    StatusCode: 'string',
  },
}

const changeable = ['Port', 'Protocol', 'SslPolicy', 'Certificates', 'DefaultActions']

/** `AWS::ElasticLoadBalancingV2::Listener`. */
export function listenerType(deps: Elbv2Deps): ResourceType {
  return {
    name: 'AWS::ElasticLoadBalancingV2::Listener',
    properties: {
      LoadBalancerArn: 'string',
      Port: 'number',
      Protocol: 'string',
      SslPolicy: 'string',
      Certificates: { CertificateArn: 'string' },
      DefaultActions: actionProperties,
    },
    required: ['LoadBalancerArn', 'DefaultActions'],
    attributes: ['ListenerArn'],
    replaceOn: ['LoadBalancerArn'],
    async create(properties, context) {
      const { scope } = context
      const all = await deps.balance.listeners.list(scope)
      const known = all.find((listener) => isOurs(listener.tags, context))
      const arn = known === undefined ? await make() : listenerArn(scope, known.listenerId)
      await context.started(arn)
      return { physicalId: arn, attributes: { ListenerArn: arn } }

      async function make(): Promise<string> {
        const members = ['LoadBalancerArn', ...changeable]
        const input = {
          ...pick(properties, members),
          Tags: stackTags({}, context),
        } as CreateListenerInput
        const made = await callOperation(createListener, 'CreateListener', input, { context, deps })
        return made.Listeners?.[0]?.ListenerArn ?? ''
      }
    },
    async update({ physicalId, after }, context) {
      const input = {
        ...pick(after, changeable),
        ListenerArn: physicalId,
      }
      await callOperation(modifyListener, 'ModifyListener', input, { context, deps })
      return { physicalId, attributes: { ListenerArn: physicalId } }
    },
    async remove({ physicalId }, { scope }) {
      const opened = openBalanceArn(scope, physicalId)
      if (opened?.noun === 'listener') await deps.balance.listeners.remove(scope, opened.id)
    },
  }
}
