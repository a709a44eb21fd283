/**
 * `famfs-wire/conformance`: golden captures of real kernels, what this library says of them, and the testee protocol by which any other
 * implementation can be asked the same.
 */
export {
  type CapturedMessage,
  capturedMessage,
  caseMessages,
  dialectOfKernel,
  type Exchange,
  type FollowUp,
  type MessageDirection,
  type OpenCase,
  openCases,
  type PlacedMessage,
  type Trace,
  trace,
  walk,
} from './capture.ts'
export {
  type Entry,
  type Inputs,
  noInputs,
  type Replayed,
  type ReplayOptions,
  readInputs,
  replayRecording,
  type Story,
} from './conversation/index.ts'
export type { DriverKind, DriverVector } from './driver/vectors.ts'
export { type Golden, GoldenError, readGolden, type TextFile, type Vector } from './golden.ts'
export type { Dialects } from './named.ts'
export type { Powers } from './operations.ts'
export { inspectMessage, type Replay, replay } from './replay.ts'
export { type DriverCount, type MessageCount, type OpenCount, placedMessages, type Report, report, type VectorCount } from './report.ts'
export type { Count, Point } from './tally.ts'
export { answer, answerLine, serveLines } from './testee.ts'
