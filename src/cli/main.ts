#!/usr/bin/env node
/** The command `famfs-wire`. */
import { processIo } from './io.ts'
import { main } from './run.ts'

process.exitCode = await main(process.argv.slice(2), processIo())

/** Timers and sockets that the code of a dialect file has left open must not keep this process. */
const LEFT_OPEN_MS = 1000
setTimeout(() => process.exit(), LEFT_OPEN_MS).unref()
