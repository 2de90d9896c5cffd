import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createHaproxyPlane } from '../../src/drivers/haproxy/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { dataPlaneFailureSuite } from '../../src/testing/conformance/data-plane-failures.ts'
import { dataPlaneHttp2Suite } from '../../src/testing/conformance/data-plane-http2.ts'
import { dataPlaneRoutingSuite } from '../../src/testing/conformance/data-plane-routing.ts'
import { dataPlaneSecuredSuite } from '../../src/testing/conformance/data-plane-secured.ts'
import { dataPlaneSlowSuite } from '../../src/testing/conformance/data-plane-slow.ts'
import { dataPlaneTcpSuite } from '../../src/testing/conformance/data-plane-tcp.ts'
import { dataPlaneTlsSuite } from '../../src/testing/conformance/data-plane-tls.ts'
import { dataPlaneTrafficSuite } from '../../src/testing/conformance/data-plane-traffic.ts'
import { dataPlaneSuite } from '../../src/testing/conformance/data-plane.ts'

const name = 'haproxy'

if (spawnSync('haproxy', ['-v']).status === 0) {
  const root = mkdtempSync(join(tmpdir(), 'ek-hap-'))
  after(() => rmSync(root, { recursive: true, force: true }))
  const create = (gatewayId: string) =>
    createHaproxyPlane({ gatewayId, folder: mkdtempSync(join(root, 'p')), log: silentLog })
  dataPlaneSuite(name, create, { isStrict: false })
  dataPlaneFailureSuite(name, create)
  dataPlaneRoutingSuite(name, create)
  dataPlaneTlsSuite(name, create)
  dataPlaneTcpSuite(name, create, { isStrict: false })
  dataPlaneSecuredSuite(name, create)
  dataPlaneTrafficSuite(name, create)
  dataPlaneSlowSuite(name, create)
  dataPlaneHttp2Suite(name, create)
} else {
  test('HAProxy as a data plane', { skip: 'haproxy is not installed' }, () => undefined)
}
