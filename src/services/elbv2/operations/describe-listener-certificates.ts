import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { certificateViews } from '../listener-tls.ts'

export const describeListenerCertificates: Elbv2Operation<'DescribeListenerCertificates'> = {
  accepts: { ListenerArn: true },
  async handle(input, { scope }, deps) {
    const { tls } = await requireListener(deps, scope, input.ListenerArn)
    return { Certificates: tls === undefined ? [] : certificateViews(scope, tls) }
  },
}
