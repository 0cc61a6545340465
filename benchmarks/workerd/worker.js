// What Photon's executor does with the same module: a fresh instance for each request, the body on standard input,
// the answer on standard output as header lines, a blank line and the body (CGI, RFC 3875).
import echo from "echo.wasm";

const ERRNO_SUCCESS = 0;
const ERRNO_BADF = 8;
const NEWLINE = 10;
const text = new TextDecoder();

/** The functions of WASI preview 1 that the module imports, for one run. */
class Run {
  constructor(body) {
    this.stdin = body;
    this.read = 0;
    this.stdout = [];
    this.instance = new WebAssembly.Instance(echo, {
      wasi_snapshot_preview1: {
        fd_read: (fd, iovs, count, moved) => this.move(fd === 0, iovs, count, moved, (part) => this.take(part)),
        fd_write: (fd, iovs, count, moved) => this.move(fd === 1, iovs, count, moved, (part) => this.give(part)),
      },
    });
  }

  answer() {
    this.instance.exports._start();
    const output = this.stdout.length === 1 ? this.stdout[0] : concatenated(this.stdout);
    let end = 0;
    while (output[end] !== NEWLINE || output[end + 1] !== NEWLINE) {
      if (++end >= output.length) {
        return new Response("no header", { status: 502 });
      }
    }
    const headers = new Headers();
    for (const line of text.decode(output.subarray(0, end)).split("\n")) {
      const colon = line.indexOf(":");
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    return new Response(output.subarray(end + 2), { headers });
  }

  /** Both calls: an array of iovecs, and how many bytes went. */
  move(open, iovs, count, moved, transfer) {
    if (!open) {
      return ERRNO_BADF;
    }
    const memory = this.instance.exports.memory.buffer;
    const view = new DataView(memory);
    let total = 0;
    for (let at = iovs; at < iovs + 8 * count; at += 8) {
      total += transfer(new Uint8Array(memory, view.getUint32(at, true), view.getUint32(at + 4, true)));
    }
    view.setUint32(moved, total, true);
    return ERRNO_SUCCESS;
  }

  take(part) {
    const taken = this.stdin.subarray(this.read, this.read + part.length);
    part.set(taken);
    this.read += taken.length;
    return taken.length;
  }

  give(part) {
    this.stdout.push(part.slice());
    return part.length;
  }
}

function concatenated(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

export default {
  async fetch(request) {
    return new Run(new Uint8Array(await request.arrayBuffer())).answer();
  },
};
