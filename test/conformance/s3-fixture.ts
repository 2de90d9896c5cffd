import { fakeSealer } from '../../src/testing/fake-sealer.ts'
import { createServer, type Server } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openFileBlobs } from '../../src/drivers/filesystem/index.ts'
import { silentLog, type Log } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { systemRandom } from '../../src/kernel/system/random.ts'
import type { BlobStore } from '../../src/objects/blob.ts'
import { createObjects, type Objects } from '../../src/objects/create-objects.ts'
import { s3Service } from '../../src/services/s3/index.ts'
import type { Store } from '../../src/store/records.ts'
import { createWire } from '../../src/wire/create-wire.ts'

export interface S3Fixture {
  readonly endpoint: string
  readonly folder: string
  readonly blobs: BlobStore
  readonly objects: Objects
  close(): Promise<void>
}

export const secretAccessKey = 'conformance-secret'
export const accessKeyId = 'AKIACONFORMANCE00000'

/** S3 alone on a loopback port, with signatures checked. */
export async function s3Fixture(
  store: Store,
  log: Log = silentLog,
  keptFolder?: string,
): Promise<S3Fixture> {
  const folder = keptFolder ?? (await mkdtemp('/tmp/evenkeel-s3-'))
  const blobs = await openFileBlobs(join(folder, 'objects'))
  const objects = createObjects(
    {
      store,
      clock: systemClock,
      random: systemRandom,
      log,
      events: { publish() {} },
      wake: { wake() {} },
    },
    blobs,
    fakeSealer,
  )
  const account = '000000000000'
  const wire = createWire({
    services: [s3Service({ objects })],
    authentication: 'on',
    credentials: {
      find: async (id) =>
        id === accessKeyId
          ? {
              secretAccessKey,
              principal: {
                arn: `arn:aws:iam::${account}:root`,
                account,
                userId: account,
                accessKeyId,
              },
            }
          : undefined,
    },
    clock: systemClock,
    random: systemRandom,
    log,
    defaults: { account, region: 'us-east-1' },
  })
  const server = createServer((request, response) => void wire.handle(request, response))
  server.on('checkContinue', (request, response) => void wire.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    folder,
    blobs,
    objects,
    close: () => close(server, folder),
  }
}

async function close(server: Server, folder: string): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
}
