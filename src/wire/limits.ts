/**
 * The bounds of a request. Each is far above what a client of AWS sends, and low enough that one request cannot
 * take the server's memory or time.
 */

/** A body that is read whole. AWS's largest are templates and messages of about 1 MiB, S3's DeleteObjects and bucket policies below that. */
export const bodyBytesMax = 16 * 1024 * 1024

/** An object's bytes are streamed: S3's own limit for one PutObject or part. */
export const streamedBytesMax = 5 * 1024 ** 3

/** Structures, lists and maps inside each other; the deepest model has about a dozen. */
export const nestingMax = 64

/** Pairs of a query string or form. EC2 requests with hundreds of filters stay below. */
export const formPairsMax = 20_000

/** `Member.100000`: lists are cut out of their indices, so that a large index costs nothing but is surely a mistake. */
export const listIndexMax = 100_000

/** Headers of a request; AWS allows 2 KB of S3 metadata and few others. */
export const headersMax = 200

/** A header line of an aws-chunked frame: the size in hexadecimal and an 85-character signature. */
export const chunkHeaderBytesMax = 1024

/** The trailers after the last chunk: a checksum and a signature. */
export const trailerBytesMax = 8 * 1024

/** What is read and thrown away of a refused body, so that the client sees the answer instead of a broken connection. */
export const drainBytesMax = 64 * 1024 * 1024

/** Difference between the caller's clock and ours that a signature may have. AWS: 15 minutes. */
export const clockSkewMilliseconds = 15 * 60_000

/** Longest life of a presigned URL. AWS: 7 days. */
export const presignedSecondsMax = 7 * 24 * 3600

/** A client that sends nothing in the middle of a body for so long is gone. AWS's S3 waits less. */
export const silentMillisecondsMax = 60_000
