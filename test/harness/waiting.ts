import { RunInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2'

/** What waiters of the official clients are given: their own default delays are made for a cloud's pace. */
export function waitFor<Client>(client: Client) {
  return { client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }
}

export interface Serving {
  /** Path → status; a request for any other path is never answered. */
  readonly paths: Readonly<Record<string, number>>
  readonly port?: number
  readonly subnetId?: string | undefined
}

/** Starts an instance that serves each path with its own status, and lets every other request wait for ever. */
export async function runServing(ec2: EC2Client, serving: Serving): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: serving.subnetId,
      UserData: servingScript(serving).toString('base64'),
    }),
  )
  return Instances?.[0]?.InstanceId ?? ''
}

/** The user data of such an instance. */
export function servingScript({ paths, port = 80 }: Serving): Buffer {
  return Buffer.from(`#!/bin/sh
cat > /server.mjs <<'END'
import { createServer } from 'node:http'
const statuses = ${JSON.stringify(paths)}
createServer((request, response) => {
  const status = statuses[request.url]
  if (status !== undefined) response.writeHead(status).end('here')
}).listen(${port})
END
setsid /opt/evenkeel/bin/node /server.mjs >/dev/null 2>&1 &
`)
}
