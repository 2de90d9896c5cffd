import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileServer, pathOf } from './file-server.ts'

describe("the platform's own httpd", () => {
  const root = mkdtempSync(join(tmpdir(), 'evenkeel-httpd-'))
  const server = fileServer(join(root, 'html'))
  let at = ''

  before(async () => {
    mkdirSync(join(root, 'html/docs'), { recursive: true })
    mkdirSync(join(root, 'html/bare'))
    writeFileSync(join(root, 'secret.txt'), 'no')
    writeFileSync(join(root, 'html/index.html'), '<h1>Congratulations</h1>')
    writeFileSync(join(root, 'html/docs/index.html'), 'docs')
    writeFileSync(join(root, 'html/empty.css'), '')
    writeFileSync(join(root, 'html/a b.txt'), 'spaced')
    writeFileSync(join(root, 'html/index.php'), '<?php echo getenv("SECRET");')
    writeFileSync(join(root, 'html/.htpasswd'), 'admin:x')
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
    rmSync(root, { recursive: true, force: true })
  })

  it('serves files with their types, and a folder by its index', async () => {
    const page = await fetch(`${at}/?a=b`)
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(await page.text(), '<h1>Congratulations</h1>')
    assert.equal(await (await fetch(`${at}/a%20b.txt`)).text(), 'spaced')
    const empty = await fetch(`${at}/empty.css`)
    assert.equal(empty.status, 200)
    assert.equal(await empty.text(), '')
    const docs = await fetch(`${at}/docs`, { redirect: 'manual' })
    assert.equal(docs.status, 301)
    assert.equal(docs.headers.get('location'), '/docs/')
    assert.equal(await (await fetch(`${at}/docs/`)).text(), 'docs')
  })

  it('answers HEAD without a body, and a client that knows the file already with 304', async () => {
    const head = await fetch(at, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), '24')
    assert.equal(await head.text(), '')
    const known = { 'if-modified-since': head.headers.get('last-modified') ?? '' }
    assert.equal((await fetch(at, { headers: known })).status, 304)
  })

  it('lists nothing, runs nothing, shows no program, and lets nobody out of its root', async () => {
    const statuses = async (paths: readonly string[]): Promise<readonly number[]> =>
      Promise.all(paths.map(async (path) => (await fetch(`${at}${path}`)).status))
    assert.deepEqual(
      await statuses(['/bare/', '/none', '/none/', '/index.php', '/.htpasswd', '/%00', '/%zz']),
      [403, 404, 404, 403, 403, 400, 400],
    )
    assert.equal(pathOf('/../../secret.txt'), '/secret.txt')
    assert.equal(pathOf('/%2e%2e/secret.txt'), '/secret.txt')
    assert.equal(pathOf('http://site/docs/?x'), '/docs/')
    assert.equal((await fetch(at, { method: 'POST', body: 'x' })).status, 405)
  })
})
