import { fakeCompute } from '../../src/testing/fake-compute.ts'
import { fakeNetwork } from '../../src/testing/fake-network.ts'
import { computeConformance } from '../../src/testing/conformance/compute.ts'
import { networkConformance } from '../../src/testing/conformance/network.ts'
import type { HostWorld } from '../../src/testing/conformance/host-world.ts'

const compute = fakeCompute()
const world: HostWorld = {
  compute,
  network: fakeNetwork(),
  isReal: false,
  hasUsers: false,
  killMachine: (status) => compute.kill(status.id),
  restartHost: async () => compute.restartHost(),
}

computeConformance('fake', async () => world)
networkConformance('fake', async () => world)
