import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fetchCommit } from './fetch-commit.ts'

const revision = { Account: 'acme', Repository: 'shop', CommitId: 'abc123' }

/** As GitHub packs a commit: everything in one folder. */
function archiveOf(directory: string): Buffer {
  const folder = join(directory, 'acme-shop-abc123')
  mkdirSync(folder)
  writeFileSync(join(folder, 'appspec.yml'), 'version: 0.0\nos: linux\n')
  return execFileSync('tar', ['-cz', '-C', directory, 'acme-shop-abc123'])
}

async function stage(context: TestContext, listener: RequestListener) {
  const directory = mkdtempSync(join(tmpdir(), 'ek-scale-commit-'))
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  context.after(async () => {
    await close()
    rmSync(directory, { recursive: true, force: true })
  })
  const incoming = join(directory, 'incoming')
  mkdirSync(incoming)
  return {
    directory,
    incoming,
    url,
    close,
    fetch: () => fetchCommit(url, incoming, revision, [1, 1]),
  }
}

test("a commit's archive is fetched where GitHub has it, redirected as GitHub redirects", async (context) => {
  const asked: string[] = []
  let archive: Buffer = Buffer.alloc(0)
  const on = await stage(context, ({ url = '' }, response) => {
    asked.push(url)
    if (url.startsWith('/repos/')) response.writeHead(302, { location: '/codeload' }).end()
    else response.end(archive)
  })
  archive = archiveOf(on.directory)
  const bundle = await on.fetch()
  assert.deepEqual(asked, ['/repos/acme/shop/tarball/abc123', '/codeload'])
  assert.equal(bundle.contents.appspec?.name, 'appspec.yml')
  await bundle.remove()
  assert.deepEqual(readdirSync(on.incoming), [])
})

test('what was answered is said, with the address; only what may pass is asked again', async (context) => {
  let asked = 0
  let status = 404
  const on = await stage(context, (_request, response) => {
    asked++
    response.writeHead(status).end('Not Found')
  })
  await assert.rejects(on.fetch(), {
    message: `${on.url}/repos/acme/shop/tarball/abc123 was answered 404: no such repository or commit, or it is private: Not Found`,
    retryable: false,
  })
  assert.equal(asked, 1)
  status = 503
  await assert.rejects(on.fetch(), /was answered 503: Not Found \(3 tries\)/)
  assert.equal(asked, 4)
})

test('an address that nobody answers is named, and the reason', async (context) => {
  const on = await stage(context, () => {})
  await on.close()
  await assert.rejects(on.fetch(), {
    message: /cannot be fetched: .*ECONNREFUSED.* \(3 tries\)/,
    retryable: false,
  })
})

test('an archive that is none is refused as any other bundle', async (context) => {
  const on = await stage(context, (_request, response) => response.end('<html>'))
  await assert.rejects(on.fetch(), (thrown: Error) => thrown.name === 'DriverError')
  assert.deepEqual(readdirSync(on.incoming), [])
})
