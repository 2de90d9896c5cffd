import { createNodeProxy } from '../../src/drivers/node-proxy/index.ts'
import { dataPlaneFailureSuite } from '../../src/testing/conformance/data-plane-failures.ts'
import { dataPlaneRoutingSuite } from '../../src/testing/conformance/data-plane-routing.ts'
import { dataPlaneSlowSuite } from '../../src/testing/conformance/data-plane-slow.ts'
import { dataPlaneTcpSuite } from '../../src/testing/conformance/data-plane-tcp.ts'
import { dataPlaneTlsSuite } from '../../src/testing/conformance/data-plane-tls.ts'
import { dataPlaneSuite } from '../../src/testing/conformance/data-plane.ts'

dataPlaneSuite('node-proxy', createNodeProxy)
dataPlaneFailureSuite('node-proxy', createNodeProxy)
dataPlaneRoutingSuite('node-proxy', createNodeProxy)
dataPlaneTlsSuite('node-proxy', createNodeProxy)
dataPlaneTcpSuite('node-proxy', createNodeProxy)
dataPlaneSlowSuite('node-proxy', createNodeProxy)
