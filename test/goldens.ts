/** The golden data, read once for all tests that need it. */
import { readFileSync } from 'node:fs'
import {
  type CapturedMessage,
  capturedMessage,
  caseMessages,
  type OpenCase,
  openCases,
  type Trace,
  trace,
} from '../src/conformance/capture.ts'

/** The parsed lines of a file below fixtures/. */
export const goldenLines = (path: string): unknown[] =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

/** Files of fixtures/wire that hold plain messages. */
export const messageFiles = ['fuse-6.1', 'fuse-6.18', 'fuse-famfs'] as const
/** Files of fixtures/wire that hold cases of open(2), and beside them those with whole conversations. */
export const caseFiles = ['famfs-7.46', 'famfs-push'] as const

export const goldenMessages = (file: string): CapturedMessage[] =>
  goldenLines(`wire/${file}.jsonl`)
    .map(line => capturedMessage(line))
    .filter(m => m !== undefined)
export const goldenCases = (file: string): OpenCase[] => openCases(goldenLines(`wire/${file}.jsonl`))
export const goldenTraces = (file: string): Trace[] => goldenLines(`wire/${file}-trace.jsonl`).map(line => trace(line))

/** Every conversation of fixtures/wire, by file. */
export const goldenConversations = (): [file: string, messages: CapturedMessage[]][] => [
  ...messageFiles.map((file): [string, CapturedMessage[]] => [file, goldenMessages(file)]),
  ...caseFiles.flatMap(file => goldenCases(file).map((c): [string, CapturedMessage[]] => [file, caseMessages(c)])),
  ...caseFiles.flatMap(file => goldenTraces(file).map((t): [string, CapturedMessage[]] => [`${file}-trace`, [...t.messages]])),
]
