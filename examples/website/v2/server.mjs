// The example website: pages that show which instance, in which zone, served them. Needs nothing but Node.
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const identityFile = `${folder}identity.json`
const metadata = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? 'http://169.254.169.254'
const port = Number(process.env.PORT ?? 80)
const host = process.env.HOST ?? '0.0.0.0'

async function identify() {
  const token = await (
    await fetch(`${metadata}/latest/api/token`, {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
    })
  ).text()
  const leaf = async (path) =>
    (
      await fetch(`${metadata}/latest/meta-data/${path}`, {
        headers: { 'X-aws-ec2-metadata-token': token },
      })
    ).text()
  const identity = {
    instanceId: await leaf('instance-id'),
    zone: await leaf('placement/availability-zone'),
    address: await leaf('local-ipv4'),
  }
  writeFileSync(identityFile, JSON.stringify(identity))
  process.stdout.write(`this is ${identity.instanceId} in ${identity.zone}\n`)
}

async function validate() {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host
  for (let attempt = 1; attempt <= 50; attempt++) {
    try {
      const answer = await fetch(`http://${address}:${port}/health`)
      if (answer.ok) {
        process.stdout.write(`the website answers: ${(await answer.text()).trim()}\n`)
        return
      }
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  process.stderr.write(`no answer from http://${address}:${port}/health in 5 seconds\n`)
  process.exitCode = 1
}

function serve() {
  const identity = JSON.parse(readFileSync(identityFile, 'utf8'))
  const page = readFileSync(`${folder}site/index.html`, 'utf8')
    .replaceAll('{{instance}}', identity.instanceId)
    .replaceAll('{{zone}}', identity.zone)
    .replaceAll('{{address}}', identity.address)
  const version = /data-version="([^"]+)"/.exec(page)?.[1] ?? 'unknown'
  const headers = {
    'x-instance-id': identity.instanceId,
    'x-availability-zone': identity.zone,
    'x-version': version,
    'cache-control': 'no-store',
  }
  const server = http.createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    if (path === '/health') return reply(response, 200, 'text/plain', `ok ${version}\n`)
    if (path === '/who')
      return reply(response, 200, 'application/json', JSON.stringify({ ...identity, version }))
    if (path === '/') return reply(response, 200, 'text/html; charset=utf-8', page)
    return reply(response, 404, 'text/plain', 'not found\n')
  })
  const reply = (response, status, type, body) => {
    response.writeHead(status, {
      ...headers,
      'content-type': type,
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }
  server.keepAliveTimeout = 75_000
  server.listen(port, host)
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
}

if (process.argv.includes('--identify')) await identify()
else if (process.argv.includes('--validate')) await validate()
else serve()
