import { connect } from 'node:net'
import { connect as secured } from 'node:tls'
import type { HealthCheckSpec, TargetSpec } from '../../protocol/gateway.ts'
import { failed, judgeCode, timedOut, type ProbeResult } from './probe-result.ts'
import { probeStream } from './stream-probe.ts'

/** Bytes of an answer that are read before a status line must have come. */
const statusLineMax = 4096

/**
 * Asks one target once. Resolves always, after the check's time-out at the latest. Reasons and descriptions are those of
 * DescribeTargetHealth.
 */
export function probe(
  target: Pick<TargetSpec, 'address' | 'port'>,
  check: HealthCheckSpec,
  localAddress: string | undefined,
): Promise<ProbeResult> {
  const port = check.port === 'traffic-port' ? target.port : check.port
  return new Promise((resolve) => {
    if (check.protocol === 'http2' || check.protocol === 'grpc') {
      const place = { address: target.address, port, localAddress }
      resolve(probeStream(place, { ...check, protocol: check.protocol }))
      return
    }
    const isSecured = check.protocol === 'https' || check.protocol === 'tls'
    const place = {
      host: target.address,
      port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    }
    const socket = isSecured ? secured({ ...place, rejectUnauthorized: false }) : connect(place)
    let text = ''
    const finish = (result: ProbeResult): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => finish(timedOut), check.timeoutSeconds * 1000)
    socket.on('error', () => finish(failed))
    socket.on('end', () => finish(failed))
    socket.on(isSecured ? 'secureConnect' : 'connect', () => {
      if (check.protocol === 'tcp' || check.protocol === 'tls') finish({ ok: true })
      else socket.write(requestText(target.address, port, check.path), 'latin1')
    })
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (text.includes('\r\n')) finish(judge(text, check.matcher))
      else if (text.length > statusLineMax) finish(failed)
    })
  })
}

function requestText(address: string, port: number, path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${address}:${port}\r\nConnection: close\r\n` +
    'User-Agent: ELB-HealthChecker/2.0\r\nAccept-Encoding: gzip, compressed\r\n\r\n'
  )
}

function judge(text: string, matcher: string): ProbeResult {
  const status = /^HTTP\/1\.[01] ([1-9][0-9]{2})[ \r]/.exec(text)?.[1]
  if (status === undefined) return failed
  return judgeCode(Number(status), matcher)
}
