import { createWriteStream, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { open, type Entry, type ZipFile } from 'yauzl'
import { ToolFailure } from '../machine-context.ts'
import { scalarText, sectionOf } from './config-sets.ts'
import { fetchTo } from './fetch-source.ts'
import { needProgram, type InitRun } from './init-run.ts'

/** Fetches archives (tar, tgz, tbz2, zip) and unpacks each to its folder. */
export async function applySources(run: InitRun, value: unknown): Promise<void> {
  const sources = sectionOf(value, 'sources')
  for (const path of Object.keys(sources).toSorted()) {
    const address = scalarText(sources[path])
    const file = await fetchTo(run, address)
    const folder = run.machine.path(path)
    mkdirSync(folder, { recursive: true })
    const strip = isOfGitHub(address) ? 1 : 0
    if (isZip(address)) await unpackZip(file, folder, strip)
    else unpackTar(run, { file, folder, strip, address })
    rmSync(dirname(file), { recursive: true, force: true })
    run.machine.log(`source ${address} was unpacked to ${path}`)
    run.changed.sources.add(path)
  }
}

function pathOf(address: string): string {
  return new URL(address).pathname
}

/** GitHub's archives have one folder around everything, named after the commit. */
function isOfGitHub(address: string): boolean {
  return (
    new URL(address).hostname.endsWith('github.com') &&
    /\/(tarball|zipball)\//.test(pathOf(address))
  )
}

function isZip(address: string): boolean {
  return /\.(zip|war|jar)$/i.test(pathOf(address)) || /\/zipball\//.test(pathOf(address))
}

function unpackTar(
  { machine }: InitRun,
  {
    file,
    folder,
    strip,
    address,
  }: { file: string; folder: string; strip: number; address: string },
): void {
  const command = ['tar', '-xf', file, '-C', folder, `--strip-components=${strip}`]
  needProgram(machine, `unpacking ${address}`, { command })
}

async function unpackZip(file: string, folder: string, strip: number): Promise<void> {
  const zip = await opened(file)
  await new Promise<void>((done, fail) => {
    zip.on('entry', (entry: Entry) => {
      unpackEntry(zip, entry, { folder, strip }).then(() => zip.readEntry(), fail)
    })
    zip.once('end', () => done())
    zip.once('error', fail)
    zip.readEntry()
  })
}

function opened(file: string): Promise<ZipFile> {
  return new Promise((done, fail) => {
    open(file, { lazyEntries: true }, (problem, zip) => {
      if (zip) done(zip)
      else fail(new ToolFailure(`${file} is no zip archive: ${problem?.message ?? ''}`))
    })
  })
}

const linkMode = 0o120000

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  { folder, strip }: { folder: string; strip: number },
): Promise<void> {
  const name = entry.fileName.split('/').slice(strip).join('/')
  if (name === '') return
  const target = resolve(join(folder, name))
  if (!`${target}${sep}`.startsWith(`${resolve(folder)}${sep}`)) {
    throw new ToolFailure(`the archive's entry ${entry.fileName} leads out of its folder`)
  }
  if (name.endsWith('/')) {
    mkdirSync(target, { recursive: true })
    return
  }
  mkdirSync(dirname(target), { recursive: true })
  const mode = entry.externalFileAttributes >>> 16
  const stream = await streamOf(zip, entry)
  if ((mode & 0o170000) === linkMode) {
    rmSync(target, { force: true })
    symlinkSync(Buffer.concat(await stream.toArray()).toString('utf8'), target)
    return
  }
  await pipeline(stream, createWriteStream(target, { mode: mode & 0o777 || 0o644 }))
}

function streamOf(zip: ZipFile, entry: Entry): Promise<import('node:stream').Readable> {
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (problem, stream) => {
      if (stream) done(stream)
      else fail(problem ?? new ToolFailure(`${entry.fileName} cannot be read`))
    })
  })
}
