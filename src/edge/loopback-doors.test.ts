import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loopbackAddress, loopbackMetadataPort } from '../drivers/process/loopback-address.ts'
import { LoopbackRanges } from '../drivers/process/loopback-ranges.ts'
import type { InstanceMetadata } from '../protocol/edge.ts'
import { LoopbackDoors } from './loopback-doors.ts'
import { MetadataService } from './metadata-service.ts'
import { RoleCredentialsCache } from './role-credentials.ts'
import { openSessionTokens } from './session-tokens.ts'

const instance = (instanceId: string, address: string): InstanceMetadata => ({
  instanceId,
  address,
  tokens: 'optional',
  enabled: true,
  leaves: { 'meta-data/instance-id': instanceId },
})

function ask(host: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = '/latest/meta-data/instance-id'
    const options = { host, port: loopbackMetadataPort, path, headers, agent: false }
    const request = http.get(options, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () =>
        resolve(response.statusCode === 200 ? body : `${response.statusCode}`),
      )
    })
    request.on('error', reject)
  })
}

async function answered(host: string): Promise<string> {
  for (;;) {
    try {
      return await ask(host)
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

test("each machine's own loopback address tells its own metadata, to whoever names it", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ek-doors-'))
  const ranges = new LoopbackRanges(folder)
  const metadata = new MetadataService(
    openSessionTokens(join(folder, 'key.json')),
    new RoleCredentialsCache(join(folder, 'none.sock')),
  )
  const doors = new LoopbackDoors({ ranges, metadata, log: { write: () => undefined } })
  try {
    const one = loopbackAddress('10.0.1.9', ranges.take('vpc-one'))
    const two = loopbackAddress('10.0.1.9', ranges.take('vpc-two'))
    const networks = [
      { networkId: 'vpc-one', instances: [instance('i-one', '10.0.1.9')] },
      { networkId: 'vpc-two', instances: [instance('i-two', '10.0.1.9')] },
    ]
    metadata.apply(networks)
    doors.apply(networks)
    assert.equal(await answered(one), 'i-one')
    assert.equal(await answered(two), 'i-two')
    assert.equal(await ask(one, { host: 'rebound.example' }), '403')
    doors.apply(networks.slice(1))
    await assert.rejects(ask(one), /ECONNREFUSED/)
  } finally {
    doors.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
