import { isOfTls } from '../../../balance/plan-classic.ts'
import type { ElbOperation } from '../deps.ts'
import { invalidConfiguration, listenerNotFound } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { readCertificate } from '../listeners.ts'

export const setLoadBalancerListenerSslCertificate: ElbOperation<'SetLoadBalancerListenerSSLCertificate'> =
  {
    accepts: { LoadBalancerName: true, LoadBalancerPort: true, SSLCertificateId: true },
    async handle(input, { scope }, deps) {
      const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
      const certificateId = await readCertificate(deps, scope, input.SSLCertificateId)
      const port = input.LoadBalancerPort ?? 0
      await deps.balance.classics.modify(scope, name, (balancer) => {
        const listener = balancer.listeners.find((each) => each.port === port)
        if (listener === undefined) throw listenerNotFound(name, port)
        if (!isOfTls(listener)) {
          throw invalidConfiguration(`The listener on port ${port} does not speak HTTPS or SSL`)
        }
        const changed = { ...listener, certificateId }
        return {
          ...balancer,
          listeners: balancer.listeners.map((each) => (each.port === port ? changed : each)),
        }
      })
      return {}
    },
  }
