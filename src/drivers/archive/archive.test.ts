import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { pack, type Header } from 'tar-stream'
import { bundleLimits } from './bundle-entry.ts'
import { bundleReader } from './bundle-reader.ts'
import { cleanTar, inspectBundle } from './inspect-bundle.ts'

const appspec = 'version: 0.0\nos: linux\n'

interface Item extends Partial<Header> {
  readonly name: string
  readonly body?: string
}

async function tarOf(items: readonly Item[]): Promise<Buffer> {
  const output = pack()
  for (const { body, ...header } of items) output.entry(header as Header, body ?? '')
  output.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of output as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A zip by hand: names and sizes may lie. */
function zipOf(
  items: readonly { name: string; body: Buffer; claims?: number; mode?: number }[],
): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, body, claims, mode = 0o100644 } of items) {
    const packed = deflateRawSync(body)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(body), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims ?? body.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    const head = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail])
    central.push(head, Buffer.from(name))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(items.length, 8)
  end.writeUInt16LE(items.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'ek-deploy-archive-'))
  context.after(() => rmSync(path, { recursive: true }))
  return path
}

type Kind = 'tar' | 'tgz' | 'zip'

async function inspect(context: TestContext, bytes: Buffer, type: Kind, limits = bundleLimits) {
  const path = join(folder(context), 'bundle')
  writeFileSync(path, bytes)
  const source = { path, type, compressedBytes: bytes.length }
  return { source, contents: await inspectBundle(source, limits) }
}

test('a bundle in one top folder is unpacked without it, in every format', async (context) => {
  const items = [
    { name: 'app/', type: 'directory' as const },
    { name: 'app/appspec.yml', body: appspec },
    { name: 'app/run.sh', body: 'x', mode: 0o4755 },
  ]
  const tar = await tarOf(items)
  const zip = zipOf([
    { name: 'app/appspec.yml', body: Buffer.from(appspec) },
    { name: 'app/run.sh', body: Buffer.from('x'), mode: 0o100755 },
  ])
  for (const [bytes, type] of [
    [tar, 'tar'],
    [gzipSync(tar), 'tgz'],
    [zip, 'zip'],
  ] as const) {
    const { source, contents } = await inspect(context, bytes, type)
    assert.deepEqual(contents.appspec, { name: 'appspec.yml', text: appspec })
    assert.equal(contents.topFolder, 'app')
    const chunks: Buffer[] = []
    for await (const chunk of cleanTar(source, contents)) chunks.push(chunk)
    const out = folder(context)
    execFileSync('tar', ['-x', '-p', '-C', out], { input: Buffer.concat(chunks) })
    assert.equal(readFileSync(join(out, 'appspec.yml'), 'utf8'), appspec)
    const mode = execFileSync('stat', ['-c', '%a', join(out, 'run.sh')])
      .toString()
      .trim()
    assert.equal(mode, '755', 'executable, and not set-user-id')
  }
})

test('what would leave the folder is refused by name', async (context) => {
  const refused = async (items: readonly Item[], message: RegExp): Promise<void> => {
    await assert.rejects(inspect(context, await tarOf(items), 'tar'), message)
  }
  await refused([{ name: '../x' }], /\.\.\/x climbs out/)
  await refused([{ name: 'a/../../x' }], /climbs out/)
  await refused([{ name: '/etc/passwd' }], /absolute path/)
  await refused([{ name: 'l', type: 'symlink', linkname: '/etc' }], /link l points out/)
  await refused([{ name: 'a/l', type: 'symlink', linkname: '../../x' }], /points out/)
  await refused(
    [{ name: 'l', type: 'symlink', linkname: 'd' }, { name: 'l/x' }],
    /l\/x lies under the link l/,
  )
  await refused([{ name: 'h', type: 'link', linkname: 'none' }], /no earlier file/)
  await refused([{ name: 'dev', type: 'character-device' }], /neither a file/)
  await assert.rejects(
    inspect(context, zipOf([{ name: '../x', body: Buffer.from('x') }]), 'zip'),
    /\.\.\/x/,
  )
  const link = { name: 'l', body: Buffer.from('../../etc'), mode: 0o120777 }
  await assert.rejects(inspect(context, zipOf([link]), 'zip'), /link l points out/)
})

test('a link inside the folder is fine', async (context) => {
  const items = [
    { name: 'appspec.yml', body: appspec },
    { name: 'a/l', type: 'symlink' as const, linkname: '../b' },
  ]
  const { contents } = await inspect(context, await tarOf(items), 'tar')
  assert.equal(contents.entries, 2)
})

test('bombs are refused while they are read, whatever they claim', async (context) => {
  const bomb = Buffer.alloc(64 * 1024 * 1024)
  const zip = zipOf([{ name: 'zeros', body: bomb }])
  await assert.rejects(inspect(context, zip, 'zip'), /looks like a bomb/)
  const tgz = gzipSync(await tarOf([{ name: 'zeros', body: '0'.repeat(bomb.length) }]))
  await assert.rejects(inspect(context, tgz, 'tgz'), /looks like a bomb/)
  const liar = zipOf([{ name: 'zeros', body: bomb, claims: 10 }])
  await assert.rejects(inspect(context, liar, 'zip'), /bundle/)
  const many = zipOf(
    Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, body: Buffer.from('x') })),
  )
  const few = { ...bundleLimits, entriesMax: 10 }
  await assert.rejects(inspect(context, many, 'zip', few), /more than 10 entries/)
})

test('what is no archive says so; a bundle without an appspec has none', async (context) => {
  const reader = bundleReader(folder(context))
  const noise = Buffer.from('this is no archive at all, is it?'.repeat(50))
  for (const type of ['zip', 'tgz', 'tar'] as const) {
    await assert.rejects(reader.appspec(Readable.from([noise]), type), /not a readable/)
  }
  const plain = await tarOf([
    { name: 'a/appspec.yml', body: appspec },
    { name: 'b', body: '' },
  ])
  assert.equal(await reader.appspec(Readable.from([plain]), 'tar'), undefined)
})
