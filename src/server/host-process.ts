import { existsSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureHolder, enterHolder, probeDriver } from '../drivers/namespaces/index.ts'
import { ensureProcess, type EnsuredProcess } from '../drivers/processes/index.ts'
import { DriverError } from '../kernel/errors.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'

const hostProgram = new URL('../host/main.ts', import.meta.url).pathname

/** A busy machine takes a moment to start Node; more than this is a failure. */
const answersWithinMilliseconds = 15_000

type Place = Pick<InstallationFile, 'runDirectory' | 'driver'> & { readonly dataDirectory: string }

/** The host process of the installation, adopted or started, in the holder's namespaces where the driver has them. */
export async function ensureHostProcess(place: Place): Promise<EnsuredProcess> {
  const program = [process.execPath, hostProgram, place.dataDirectory]
  const inside = place.driver === 'namespaces' ? await enter(place) : []
  return ensureProcess({
    name: 'host',
    dataDirectory: place.dataDirectory,
    command: [...inside, ...program],
  })
}

async function enter(place: Place): Promise<readonly string[]> {
  const { userMap } = await probeDriver()
  const holder = await ensureHolder({
    dataDirectory: place.dataDirectory,
    runDirectory: place.runDirectory,
    userMap,
  })
  return enterHolder(holder, userMap)
}

/** Resolves when the host's socket takes connections. */
export async function hostAnswers(runDirectory: string): Promise<void> {
  const end = Date.now() + answersWithinMilliseconds
  while (!(await knock(join(runDirectory, sockets.host)))) {
    if (Date.now() > end) {
      throw new DriverError('the host process does not answer on its socket', { retryable: true })
    }
    await delay(10)
  }
}

function knock(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/' }, (response) => {
      response.resume()
      resolve(true)
    })
    request.on('error', () => resolve(false))
  })
}

/** Asks the host to stop its machines, keeping their disks, and to end with all that it supervises. */
export async function shutDownHost(runDirectory: string): Promise<void> {
  const body = JSON.stringify({ machines: 'stop' })
  await new Promise<void>((resolve, reject) => {
    const request = http.request(
      {
        socketPath: join(runDirectory, sockets.host),
        method: 'POST',
        path: '/shutdown',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve()
          else reject(new DriverError(`the host could not stop: ${text}`, { retryable: true }))
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
