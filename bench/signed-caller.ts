import { Agent, request } from 'node:http'
import { signRequest, type Credentials } from '../src/agent/sign-request.ts'

export interface Place {
  readonly endpoint: string
  readonly credentials: Credentials
}

/** `target`: the prefix of its operations; `service`: what it is signed for. */
export interface Face {
  readonly target: string
  readonly service: string
}

export const codedeploy: Face = { target: 'CodeDeploy_20141006', service: 'codedeploy' }
export const commands: Face = {
  target: 'CodeDeployCommandService_v20141006',
  service: 'codedeploy-commands',
}

export type Call = (operation: string, input: object) => Promise<Record<string, unknown>>

/** Calls of JSON 1.1 with SigV4, on connections of this agent. Rejects unless the answer is 200. */
export function caller(place: Place, face: Face, agent: Agent): Call {
  const url = new URL(`${place.endpoint}/`)
  return (operation, input) => {
    const body = JSON.stringify(input)
    const headers = signRequest(
      {
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${face.target}.${operation}`,
        },
        body,
      },
      {
        region: 'us-east-1',
        service: face.service,
        credentials: place.credentials,
        now: Date.now(),
      },
    )
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers: { ...headers }, agent }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          if (response.statusCode === 200) resolve(JSON.parse(text || '{}') as never)
          else reject(new Error(`${operation}: ${response.statusCode} ${text}`))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
