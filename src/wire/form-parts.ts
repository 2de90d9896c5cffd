import { AwsError } from '../kernel/errors.ts'
import { s3Faults } from './faults.ts'

/** A form for S3: its fields, in lower case, and the file that came after them. */
export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>
  readonly fileName: string
  readonly file: AsyncIterable<Uint8Array>
}

/** All fields before the file together: S3's own bound. */
const fieldBytesMax = 20 * 1024

/** Reads a body of `multipart/form-data` up to its file. What comes after the file is read and not heeded, as by S3. */
export async function readUploadForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<UploadForm> {
  const [, quoted, bare] =
    /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw malformed()
  const reader = new PartReader(body, `\r\n--${boundary}`)
  const fields = new Map<string, string>()
  for (;;) {
    const part = await reader.next()
    if (part === undefined) throw noFile()
    if (part.name === 'file') return { fields, fileName: part.fileName, file: reader.rest() }
    fields.set(part.name, await reader.text())
  }
}

interface Part {
  readonly name: string
  /** Without folders. */
  readonly fileName: string
}

class PartReader {
  private readonly pieces: AsyncIterator<Uint8Array>
  private readonly delimiter: string
  /** A line break before the first boundary makes it one like the others. */
  private held: Buffer = Buffer.from('\r\n')
  private fieldBytes = 0

  constructor(body: AsyncIterable<Uint8Array>, delimiter: string) {
    this.pieces = body[Symbol.asyncIterator]()
    this.delimiter = delimiter
  }

  /** The head of the next part; undefined when there is none. */
  async next(): Promise<Part | undefined> {
    await this.until(this.delimiter)
    while (this.held.length < 2) if (!(await this.more())) throw malformed()
    if (this.held.subarray(0, 2).toString() === '--') return undefined
    const head = (await this.until('\r\n\r\n')).toString()
    const disposition = /^content-disposition:\s*form-data\s*(;.*)$/im.exec(head)?.[1] ?? ''
    const name = valueIn(disposition, 'name')
    if (name === undefined) throw malformed()
    const fileName = valueIn(disposition, 'filename') ?? ''
    return { name: name.toLowerCase(), fileName: fileName.replace(/^.*[\\/]/s, '') }
  }

  async text(): Promise<string> {
    const bytes = await this.until(this.delimiter, true)
    return bytes.toString()
  }

  /** The bytes of the part; whatever follows it is left unheeded. */
  async *rest(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = this.held.indexOf(this.delimiter)
      const safe = end < 0 ? this.held.length - this.delimiter.length : end
      if (safe > 0) {
        const bytes = this.held.subarray(0, safe)
        this.held = this.held.subarray(safe)
        yield bytes
      }
      if (end >= 0) break
      if (!(await this.more())) throw s3Faults.incompleteBody('The form ended within its file.')
    }
    do this.held = Buffer.alloc(0)
    while (await this.more())
  }

  /** What stands before a mark, which is taken along unless it `stays`. */
  private async until(mark: string, stays = false): Promise<Buffer> {
    let end = this.held.indexOf(mark)
    while (end < 0) {
      if (this.fieldBytes + this.held.length > fieldBytesMax) throw tooMuchBefore()
      if (!(await this.more())) throw malformed()
      end = this.held.indexOf(mark)
    }
    const before = this.held.subarray(0, end)
    this.held = this.held.subarray(stays ? end : end + mark.length)
    this.fieldBytes += end
    if (this.fieldBytes > fieldBytesMax) throw tooMuchBefore()
    return before
  }

  private async more(): Promise<boolean> {
    const next = await this.pieces.next()
    if (next.done === true) return false
    this.held = Buffer.concat([this.held, next.value])
    return true
  }
}

/** Browsers write a quote within a name as `%22`. */
function valueIn(disposition: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(disposition) ?? []
  return (quoted ?? bare)?.replaceAll('%22', '"')
}

function malformed(): AwsError {
  return new AwsError(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    { status: 400 },
  )
}

function noFile(): AwsError {
  return new AwsError('InvalidArgument', 'POST requires exactly one file upload per request.', {
    status: 400,
    fields: { ArgumentName: 'file', ArgumentValue: '0' },
  })
}

function tooMuchBefore(): AwsError {
  return new AwsError(
    'MaxPostPreDataLengthExceeded',
    'Your POST request fields preceding the upload file were too large.',
    { status: 400 },
  )
}
