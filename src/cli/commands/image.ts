import { accessSync, constants } from 'node:fs'
import { basename, resolve } from 'node:path'
import { openAdmin, type Admin } from '../admin.ts'
import { CommandFailure, UsageError, type Command, type CommandCall } from '../command.ts'
import { seconds, terminalScreen, type Screen } from '../screen.ts'

interface Image {
  readonly ImageId: string
  readonly Name: string
  readonly State: string
  readonly Architecture: string
  readonly CreationDate: string
  readonly Description?: string
  readonly StateReason?: { readonly Message?: string }
}

const pollMilliseconds = 200

export const image: Command = {
  name: 'image',
  summary: 'make an AMI of a root file system, and list those that there are',
  usage: 'import FILE|FOLDER [--name NAME] | list',
  flags: {
    name: { kind: 'text', help: 'its name', standard: "the file's" },
    description: { kind: 'text', help: 'in words' },
    arch: { kind: 'text', help: 'x86_64 or arm64', standard: "this machine's" },
  },
  async run(call) {
    const [verb, path] = call.positionals
    const admin = openAdmin(call)
    if (verb === 'list' && path === undefined) return list(admin, call)
    if (verb !== 'import' || path === undefined || call.positionals.length > 2) {
      throw new UsageError(
        'evenkeel image import FILE|FOLDER: a tar of a root file system, of docker save or export, or an OCI archive; or evenkeel image list',
      )
    }
    return importImage(admin, call, resolve(path))
  },
}

async function importImage(admin: Admin, call: CommandCall, path: string): Promise<number> {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw new CommandFailure(`${path} is not there, or cannot be read`)
  }
  const begun = Date.now()
  const { imageId } = await admin.post<{ imageId: string }>('/images', {
    path,
    name: call.text('name') ?? basename(path).replace(/(\.tar)?\.?(t?gz|xz|zst|tar|oci)?$/, ''),
    ...(call.text('description') !== undefined && { description: call.text('description') }),
    architecture: call.text('arch') ?? (process.arch === 'arm64' ? 'arm64' : 'x86_64'),
  })
  const screen = terminalScreen()
  const made = await whenMade(admin, imageId, screen)
  if (made.State !== 'available') {
    await admin.call('ec2', 'DeregisterImage', { ImageId: imageId })
    throw new CommandFailure(made.StateReason?.Message ?? `${imageId} is ${made.State}`)
  }
  screen.line(
    call.switched('json')
      ? JSON.stringify(made)
      : `${imageId}  ${made.Name}  in ${seconds(Date.now() - begun)}; run it: aws ec2 run-instances --image-id ${imageId} …`,
  )
  return 0
}

async function whenMade(admin: Admin, imageId: string, screen: Screen): Promise<Image> {
  for (const begun = Date.now(); ;) {
    const [found] = await imagesOf(admin, { ImageIds: [imageId] })
    if (!found) throw new CommandFailure(`${imageId} was deregistered meanwhile`)
    if (found.State !== 'pending') return found
    screen.status(`unpacking … ${seconds(Date.now() - begun)}`)
    await new Promise((done) => setTimeout(done, pollMilliseconds))
  }
}

async function list(admin: Admin, call: CommandCall): Promise<number> {
  const images = await imagesOf(admin, { Owners: ['self'] })
  const lines = call.switched('json')
    ? [JSON.stringify(images)]
    : images.map(
        ({ ImageId, State, Architecture, CreationDate, Name }) =>
          `${ImageId}  ${State.padEnd(9)}  ${Architecture.padEnd(6)}  ${CreationDate}  ${Name}`,
      )
  if (lines.length === 0) {
    lines.push('no images of your own: every other AMI id means the default image')
  }
  for (const line of lines) process.stdout.write(`${line}\n`)
  return 0
}

async function imagesOf(admin: Admin, input: object): Promise<readonly Image[]> {
  const { Images = [] } = await admin.call<{ Images?: readonly Image[] }>(
    'ec2',
    'DescribeImages',
    input,
  )
  return Images
}
