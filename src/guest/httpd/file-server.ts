import { createReadStream } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { contentTypeOf } from './content-type.ts'

/** What a server would run, were there a program for it: its text is nobody's business. */
const programs = /\.(php\d?|phtml|cgi|pl|py|rb|asp|aspx|jsp)$/i

/** A server of the files below `root`: GET and HEAD, `index.html` for a folder, no listings, nothing that begins with `.ht`. */
export function fileServer(root: string): Server {
  return createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy())
  })
}

async function answer(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Server', 'Evenkeel httpd')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405)
  }
  const path = pathOf(request.url ?? '/')
  if (path === undefined) return refuse(response, 400)
  if (path.split('/').some((part) => part.startsWith('.ht'))) return refuse(response, 403)
  const found = await find(join(root, path), path.endsWith('/'))
  if (typeof found === 'number') return refuse(response, found)
  if ('folder' in found) {
    response.setHeader('Location', `${encodeURI(path)}/`)
    return refuse(response, 301)
  }
  await send(found, request, response)
}

interface Found {
  readonly path: string
  readonly size: number
  readonly changedAt: Date
}

/** The file that is meant, a folder that was named without its slash, or the status that says why there is none. */
async function find(
  path: string,
  isFolderAsked: boolean,
): Promise<Found | { folder: true } | number> {
  try {
    const entry = await stat(path)
    if (entry.isDirectory() && !isFolderAsked) return { folder: true }
    const file = entry.isDirectory() ? join(path, 'index.html') : path
    const { size, mtime, ...kind } = entry.isDirectory() ? await stat(file) : entry
    if (!Object.is(kind.mode & 0o170000, 0o100000) || programs.test(file)) return 403
    return { path: file, size, changedAt: mtime }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EACCES') return 403
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') {
      return isFolderAsked && code === 'ENOENT' ? folderStatus(path) : 404
    }
    throw thrown
  }
}

/** A folder without an index is not listed. */
async function folderStatus(path: string): Promise<number> {
  try {
    return (await stat(path)).isDirectory() ? 403 : 404
  } catch {
    return 404
  }
}

async function send(
  { path, size, changedAt }: Found,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const seconds = Math.floor(changedAt.getTime() / 1000) * 1000
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  response.setHeader('Last-Modified', new Date(seconds).toUTCString())
  if (seconds <= since) {
    response.writeHead(304).end()
    return
  }
  let file: FileHandle
  try {
    file = await open(path)
  } catch {
    return refuse(response, 403)
  }
  const type = contentTypeOf(path)
  if (type !== undefined) response.setHeader('Content-Type', type)
  response.setHeader('Content-Length', size)
  response.writeHead(200)
  if (request.method === 'HEAD' || size === 0) {
    await file.close()
    response.end()
    return
  }
  await pipeline(createReadStream(path, { fd: file, end: size - 1 }), response)
}

/** Without its query, decoded, with no way out of the root; undefined when it is no path. */
export function pathOf(target: string): string | undefined {
  const [given = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/)
  try {
    const path = decodeURIComponent(given === '' ? '/' : given)
    if (!path.startsWith('/') || path.includes('\0')) return undefined
    return normalize(path)
  } catch {
    return undefined
  }
}

const words: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
}

function refuse(response: ServerResponse, status: number): void {
  const body = `<!DOCTYPE html><title>${status} ${words[status]}</title><h1>${words[status]}</h1>\n`
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
