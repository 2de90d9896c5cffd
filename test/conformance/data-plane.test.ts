import { createNodeProxy } from '../../src/drivers/node-proxy/index.ts'
import { dataPlaneFailureSuite } from '../../src/testing/conformance/data-plane-failures.ts'
import { dataPlaneHttp2Suite } from '../../src/testing/conformance/data-plane-http2.ts'
import { dataPlaneRoutingSuite } from '../../src/testing/conformance/data-plane-routing.ts'
import { dataPlaneSecuredSuite } from '../../src/testing/conformance/data-plane-secured.ts'
import { dataPlaneSlowSuite } from '../../src/testing/conformance/data-plane-slow.ts'
import { dataPlaneStreamsSuite } from '../../src/testing/conformance/data-plane-streams.ts'
import { dataPlaneTcpSuite } from '../../src/testing/conformance/data-plane-tcp.ts'
import { dataPlaneTlsSuite } from '../../src/testing/conformance/data-plane-tls.ts'
import { dataPlaneTrafficSuite } from '../../src/testing/conformance/data-plane-traffic.ts'
import { dataPlaneSuite } from '../../src/testing/conformance/data-plane.ts'

dataPlaneSuite('node-proxy', createNodeProxy)
dataPlaneFailureSuite('node-proxy', createNodeProxy)
dataPlaneRoutingSuite('node-proxy', createNodeProxy)
dataPlaneTlsSuite('node-proxy', createNodeProxy)
dataPlaneTcpSuite('node-proxy', createNodeProxy)
dataPlaneSecuredSuite('node-proxy', createNodeProxy)
dataPlaneTrafficSuite('node-proxy', createNodeProxy)
dataPlaneSlowSuite('node-proxy', createNodeProxy)
dataPlaneHttp2Suite('node-proxy', createNodeProxy)
dataPlaneStreamsSuite('node-proxy', createNodeProxy)
