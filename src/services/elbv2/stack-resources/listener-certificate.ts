import { openBalanceArn } from '../../../balance/arns.ts'
import { openShownCertificate } from '../../../identity/server-certificates.ts'
import type {
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { Elbv2Deps } from '../deps.ts'
import { addListenerCertificates } from '../operations/add-listener-certificates.ts'
import { callOperation } from '../stack-call.ts'

/** Room for the names of a stack and of a resource, as other types have it. */
const idLengthMax = 128

/** `AWS::ElasticLoadBalancingV2::ListenerCertificate`: certificates beside a listener's default one. */
export function listenerCertificateType(deps: Elbv2Deps): ResourceType {
  const add = async (properties: Properties, context: ResourceContext): Promise<void> => {
    const input = {
      ListenerArn: String(properties['ListenerArn']),
      Certificates: arnsOf(properties).map((CertificateArn) => ({ CertificateArn })),
    }
    const call = { context, deps }
    await callOperation(addListenerCertificates, 'AddListenerCertificates', input, call)
  }
  return {
    name: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
    properties: { ListenerArn: 'string', Certificates: { CertificateArn: 'string' } },
    required: ['ListenerArn', 'Certificates'],
    attributes: ['Id'],
    replaceOn: ['ListenerArn'],
    async create(properties, context) {
      const physicalId = context.physicalName(idLengthMax)
      // Adding what is there changes nothing: a second attempt needs no trace of the first.
      await add(properties, context)
      await context.started(physicalId)
      return stateOf(physicalId)
    },
    async update({ physicalId, before, after }, context) {
      await add(after, context)
      const kept = arnsOf(after)
      await withdraw(
        deps,
        before,
        arnsOf(before).filter((arn) => !kept.includes(arn)),
        context,
      )
      return stateOf(physicalId)
    },
    async remove({ properties }, context) {
      await withdraw(deps, properties, arnsOf(properties), context)
    },
  }
}

function stateOf(physicalId: string): ResourceState {
  return { physicalId, attributes: { Id: physicalId } }
}

function arnsOf(properties: Properties): readonly string[] {
  const given = (properties['Certificates'] ?? []) as readonly { CertificateArn?: string }[]
  return given.flatMap(({ CertificateArn }) => CertificateArn ?? [])
}

/** Takes certificates from a listener that may be gone; one that has become its default stays. */
async function withdraw(
  { balance: { listeners } }: Elbv2Deps,
  properties: Properties,
  arns: readonly string[],
  { scope }: ResourceContext,
): Promise<void> {
  const opened = openBalanceArn(scope, String(properties['ListenerArn']))
  if (opened?.noun !== 'listener' || arns.length === 0) return
  if ((await listeners.find(scope, opened.id)) === undefined) return
  const gone = new Set(arns.map((arn) => openShownCertificate(scope, arn)))
  await listeners.changeCertificates(scope, opened.id, ([standard, ...others]) => [
    ...(standard === undefined ? [] : [standard]),
    ...others.filter((id) => !gone.has(id)),
  ])
}
