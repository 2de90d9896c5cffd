import type { Http2Stream } from 'node:http2'

/** Whether the end of what is read is one that the far end meant: a stream that breaks off ends as well. */
export function hasEndedWell(stream: Http2Stream): boolean {
  return !stream.aborted && !stream.destroyed && (stream.rstCode ?? 0) === 0
}

/**
 * Ends a stream so that its far end does not take what it has for the whole. The library's own `close` ends what is written
 * properly before it resets anything, whatever code it is given.
 */
export function resetStream(stream: Http2Stream): void {
  if (!stream.destroyed) stream.destroy(new Error('given up'))
}
