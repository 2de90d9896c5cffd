import { connect as openSession, type OutgoingHttpHeaders } from 'node:http2'
import { connect } from 'node:net'
import type { HealthCheckSpec } from '../../protocol/gateway.ts'
import { failed, judgeCode, timedOut, type ProbeResult } from './probe-result.ts'

/** A message of gRPC that holds nothing: no compression, a length of 0. */
const emptyMessage = Buffer.alloc(5)

/** Asks a target once over HTTP/2, or once by a call of gRPC. Resolves always, after the check's time-out at the latest. */
export function probeStream(
  place: { address: string; port: number; localAddress: string | undefined },
  check: HealthCheckSpec & { readonly protocol: 'http2' | 'grpc' },
): Promise<ProbeResult> {
  const { address, port, localAddress } = place
  const isCall = check.protocol === 'grpc'
  return new Promise((resolve) => {
    const to = { host: address, port, noDelay: true }
    const socket = connect(localAddress === undefined ? to : { ...to, localAddress })
    const session = openSession('http://target', { createConnection: () => socket })
    const finish = (result: ProbeResult): void => {
      clearTimeout(timer)
      session.destroy()
      resolve(result)
    }
    const judged = (code: string | number | undefined): void => {
      const isCode = /^[0-9]{1,3}$/.test(String(code ?? ''))
      finish(isCode ? judgeCode(Number(code), check.matcher) : failed)
    }
    const timer = setTimeout(() => finish(timedOut), check.timeoutSeconds * 1000)
    session.on('error', () => finish(failed)).on('close', () => finish(failed))
    const stream = session.request(headersOf(`${address}:${port}`, check), { endStream: !isCall })
    let code: string | undefined
    stream
      .on('response', (headers) => {
        if (!isCall) judged(headers[':status'])
        else if (headers[':status'] !== 200) finish(failed)
        else code = textOf(headers['grpc-status'])
      })
      .on('trailers', (trailers) => (code = textOf(trailers['grpc-status']) ?? code))
      .on('end', () => judged(code))
      .on('error', () => finish(failed))
      .resume()
    if (isCall) stream.end(emptyMessage)
  })
}

function headersOf(authority: string, { path, protocol }: HealthCheckSpec): OutgoingHttpHeaders {
  const common = { ':path': path, ':authority': authority, 'user-agent': 'ELB-HealthChecker/2.0' }
  if (protocol !== 'grpc') return { ':method': 'GET', ...common }
  return { ':method': 'POST', ...common, 'content-type': 'application/grpc', te: 'trailers' }
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
