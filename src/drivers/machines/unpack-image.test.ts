import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { unpackImage } from './unpack-image.ts'

function stage(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ek-scale-image-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const content = join(folder, 'content')
  mkdirSync(content)
  let made = 0
  /** A tar of files by name; a text that begins with `->` is a link. */
  function tarOf(files: Readonly<Record<string, string>>, packed = false): string {
    const root = join(folder, `files-${++made}`)
    mkdirSync(root)
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      if (text.startsWith('->')) symlinkSync(text.slice(2), join(root, name))
      else writeFileSync(join(root, name), text)
    }
    const archive = join(folder, `${made}.tar`)
    execFileSync('tar', [packed ? '-czf' : '-cf', archive, '-C', root, '.'])
    return archive
  }
  const layer = (files: Readonly<Record<string, string>>, packed = false): string =>
    readFileSync(tarOf(files, packed), 'latin1')
  /** Layers are bytes: they go into the outer archive as they are. */
  function saved(layers: readonly string[], index: (names: readonly string[]) => object): string {
    const root = join(folder, `saved-${++made}`)
    const names = layers.map((_, n) => `blobs/sha256/l${n}`)
    mkdirSync(join(root, 'blobs/sha256'), { recursive: true })
    layers.forEach((bytes, n) => writeFileSync(join(root, names[n] ?? ''), bytes, 'latin1'))
    for (const [name, json] of Object.entries(index(names))) {
      writeFileSync(join(root, name), JSON.stringify(json))
    }
    const archive = join(folder, `${made}.tar`)
    execFileSync('tar', ['-cf', archive, '-C', root, '.'])
    return archive
  }
  const read = (name: string): string => readFileSync(join(content, name), 'utf8')
  return {
    folder,
    content,
    tarOf,
    layer,
    saved,
    read,
    unpack: (path: string) => unpackImage(path, content),
  }
}

const manifest = (names: readonly string[]) => ({ 'manifest.json': [{ Layers: names }] })

test('a root file system is unpacked as it is, packed or not, without its devices', async (context) => {
  const on = stage(context)
  await on.unpack(on.tarOf({ 'bin/sh': 'shell', 'dev/console': 'x', 'etc/name': 'one' }, true))
  assert.equal(on.read('etc/name'), 'one')
  assert.deepEqual(readdirSync(join(on.content, 'dev')), [])
})

test('layers lie over one another: files replace files, whiteouts take away, opaque folders hide', async (context) => {
  const on = stage(context)
  const base = on.layer({ 'bin/sh': 'shell', 'etc/a': '1', 'etc/b': '1', 'srv/old/x': '1' })
  const upper = on.layer(
    { 'etc/a': '2', 'etc/.wh.b': '', 'srv/.wh..wh..opq': '', 'srv/new': '2', 'opt/deep/er': '2' },
    true,
  )
  await on.unpack(on.saved([base, upper], manifest))
  assert.equal(on.read('etc/a'), '2')
  assert.equal(on.read('opt/deep/er'), '2')
  assert.deepEqual(readdirSync(join(on.content, 'etc')), ['a'])
  assert.deepEqual(readdirSync(join(on.content, 'srv')), ['new'])
  assert.deepEqual(
    readdirSync(on.folder).filter((name) => name.startsWith('content.')),
    [],
  )
})

test('an OCI archive is read from its index down', async (context) => {
  const on = stage(context)
  const base = on.layer({ 'bin/sh': 'shell', 'etc/a': '1' })
  const digest = (name: string) => ({ digest: `sha256:${name}` })
  await on.unpack(
    on.saved([base], () => ({
      'index.json': { manifests: [digest('m')] },
      'blobs/sha256/m': { layers: [digest('l0')] },
    })),
  )
  assert.equal(on.read('etc/a'), '1')
})

test('no link of a layer leads a later one out of the image', async (context) => {
  const on = stage(context)
  const outside = join(on.folder, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'kept'), 'mine')
  const base = on.layer({ 'bin/sh': 'shell', srv: `->${outside}` })
  const upper = on.layer({ 'srv/planted': 'x', 'srv/.wh.kept': '', 'srv/.wh..wh..opq': '' })
  await on.unpack(on.saved([base, upper], manifest))
  assert.deepEqual(readdirSync(outside), ['kept'])
  assert.deepEqual(readdirSync(join(on.content, 'srv')), ['planted'])
})

test('what is wrong with an archive is said', async (context) => {
  const on = stage(context)
  const junk = join(on.folder, 'junk')
  writeFileSync(junk, 'no tar')
  await assert.rejects(on.unpack(junk), /junk cannot be unpacked: .*does not look like a tar/s)
  const base = on.layer({ 'bin/sh': 'shell' })
  const faults: readonly [string, RegExp][] = [
    [on.saved([base], () => manifest([])), /has no layers/],
    [on.saved([base], () => ({ 'manifest.json': [{}, {}] })), /holds 2 images/],
    [on.saved([base], () => ({ 'manifest.json': 1, 'index.json': {} })), /has no layers/],
    [on.saved([base], () => manifest(['../junk'])), /leads out of the archive/],
    [on.saved([base], () => manifest(['other'])), /the archive lacks other/],
  ]
  for (const [archive, message] of faults) {
    rmSync(on.content, { recursive: true })
    mkdirSync(on.content)
    await assert.rejects(on.unpack(archive), message)
  }
  assert.ok(!existsSync(join(on.content, 'bin')))
})
