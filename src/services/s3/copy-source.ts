import type { ObjectAt } from '../../objects/object-store.ts'
import { invalidArgument } from './errors.ts'

/** `x-amz-copy-source`: `/bucket/key?versionId=x`, URL-encoded, with or without the first slash. */
export function copySource(header: string | undefined): ObjectAt {
  const [path = '', query] = (header ?? '').split('?versionId=')
  const decoded = decode(path).replace(/^\//, '')
  const slash = decoded.indexOf('/')
  if (slash <= 0 || slash === decoded.length - 1) {
    throw invalidArgument(
      'x-amz-copy-source',
      header ?? '',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  }
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId: query }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidArgument('x-amz-copy-source', text, 'The copy source is not URL-encoded')
  }
}
