import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ToolFailure, type MachineContext } from '../machine-context.ts'
import { scalarText, sectionOf } from './config-sets.ts'
import { fetchTo } from './fetch-source.ts'
import { needProgram, type InitRun } from './init-run.ts'
import { renderMustache } from './render-mustache.ts'

type Given = Readonly<Record<string, unknown>>

/** Writes files in the order of their paths. A file that is replaced is kept as `….bak`, as AWS's tool does. */
export async function applyFiles(run: InitRun, value: unknown): Promise<void> {
  const files = sectionOf(value, 'files')
  for (const path of Object.keys(files).toSorted()) {
    if (!path.startsWith('/')) throw new ToolFailure(`file ${path} is no absolute path`)
    const isChanged = await applyFile(run, path, sectionOf(files[path], path))
    if (isChanged) run.changed.files.add(path)
  }
}

async function applyFile(run: InitRun, path: string, given: Given): Promise<boolean> {
  const { machine } = run
  const target = machine.path(path)
  const mode = textOf(given, 'mode') ?? ''
  const isLink = mode.startsWith('120')
  const content = await contentOf(run, path, given)
  mkdirSync(dirname(target), { recursive: true })
  const isChanged = isLink
    ? placeLink(target, content.toString('utf8').trim())
    : placeFile(target, content, mode)
  if (!isLink) {
    if (/^[0-7]{3,6}$/.test(mode)) chmodSync(target, Number.parseInt(mode.slice(-4), 8))
    else if (mode !== '') throw new ToolFailure(`file ${path} has the mode ${mode}`)
  }
  give(machine, target, given)
  machine.log(`file ${path} ${isChanged ? 'was written' : 'is as it should be'}`)
  return isChanged
}

function placeFile(target: string, content: Buffer, mode: string): boolean {
  const old = lstatSync(target, { throwIfNoEntry: false })
  if (old?.isFile() === true && readFileSync(target).equals(content)) return false
  const draft = `${target}.cfn-new`
  rmSync(draft, { force: true })
  writeFileSync(draft, content, { mode: mode === '' ? 0o644 : 0o600 })
  if (old) renameSync(target, `${target}.bak`)
  renameSync(draft, target)
  return true
}

function placeLink(target: string, to: string): boolean {
  rmSync(target, { force: true })
  symlinkSync(to, target)
  return true
}

async function contentOf(run: InitRun, path: string, given: Given): Promise<Buffer> {
  const source = textOf(given, 'source')
  const { content, context } = given
  if (source !== undefined) {
    const authentication = textOf(given, 'authentication')
    const file = await fetchTo(run, source, authentication === undefined ? {} : { authentication })
    const bytes = readFileSync(file)
    rmSync(dirname(file), { recursive: true, force: true })
    return context === undefined ? bytes : rendered(bytes.toString('utf8'), context)
  }
  if (content === undefined) throw new ToolFailure(`file ${path} has neither content nor source`)
  if (typeof content === 'object') return Buffer.from(JSON.stringify(content, null, 4))
  const text = scalarText(content)
  const encoding = textOf(given, 'encoding') ?? 'plain'
  if (encoding === 'base64') return Buffer.from(text, 'base64')
  if (encoding !== 'plain') throw new ToolFailure(`file ${path} has the encoding ${encoding}`)
  return context === undefined ? Buffer.from(text) : rendered(text, context)
}

function rendered(text: string, context: unknown): Buffer {
  return Buffer.from(renderMustache(text, sectionOf(context, 'context')))
}

function textOf(given: Given, name: string): string | undefined {
  const value = given[name]
  return value === undefined || value === null ? undefined : scalarText(value)
}

/** By name or id. `root` needs no look-up; where one user id is all there is, it is the only owner. */
function give(machine: MachineContext, target: string, given: Given): void {
  const owner = textOf(given, 'owner')
  const group = textOf(given, 'group')
  if ((owner === undefined || owner === 'root') && (group === undefined || group === 'root')) {
    if (process.getuid?.() === 0 && machine.root === '') lchownSync(target, 0, 0)
    return
  }
  if (machine.root !== '') {
    throw new ToolFailure(`${target}: machines of the process driver have no accounts of their own`)
  }
  const who = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
  needProgram(machine, `giving ${target} to ${who}`, { command: ['chown', '-h', who, target] })
}
