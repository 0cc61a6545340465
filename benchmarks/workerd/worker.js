// The handler that a worker's author would write: one instance, made when the worker starts, serves every request; the
// body on standard input, the answer on standard output as header lines, a blank line and the body (CGI, RFC 3875).
// Photon's executor pays for a fresh instance each time.
import echo from "echo.wasm";

const ERRNO_SUCCESS = 0;
const ERRNO_BADF = 8;
const NEWLINE = 10;
const text = new TextDecoder();

let stdin;
let stdout;

const { exports } = new WebAssembly.Instance(echo, {
  wasi_snapshot_preview1: {
    fd_read: (fd, iovs, count, moved) => move(fd === 0, iovs, count, moved, take),
    fd_write: (fd, iovs, count, moved) => move(fd === 1, iovs, count, moved, give),
  },
});
// The module's memory does not grow, so its buffer stays the same.
const memory = new Uint8Array(exports.memory.buffer);
const words = new DataView(exports.memory.buffer);

/** Both calls: an array of iovecs, and how many bytes went. */
function move(open, iovs, count, moved, transfer) {
  if (!open) {
    return ERRNO_BADF;
  }
  let total = 0;
  for (let at = iovs; at < iovs + 8 * count; at += 8) {
    const begin = words.getUint32(at, true);
    total += transfer(memory.subarray(begin, begin + words.getUint32(at + 4, true)));
  }
  words.setUint32(moved, total, true);
  return ERRNO_SUCCESS;
}

function take(part) {
  const taken = stdin.subarray(0, part.length);
  part.set(taken);
  stdin = stdin.subarray(taken.length);
  return taken.length;
}

function give(part) {
  stdout.push(part.slice());
  return part.length;
}

/** Nothing in here waits, so requests cannot meet in the instance. */
function run(body) {
  stdin = body;
  stdout = [];
  exports._start();
  return answer(stdout.length === 1 ? stdout[0] : concatenated(stdout));
}

function answer(output) {
  let end = 0;
  while (output[end] !== NEWLINE || output[end + 1] !== NEWLINE) {
    if (++end >= output.length) {
      return new Response("no header", { status: 502 });
    }
  }
  const headers = text.decode(output.subarray(0, end)).split("\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return new Response(output.subarray(end + 2), { headers });
}

function concatenated(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

export default {
  async fetch(request) {
    return run(new Uint8Array(await request.arrayBuffer()));
  },
};
