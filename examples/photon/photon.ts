// What the platform offers beside WASI: see executor/GUEST.md.

@external("photon", "log") declare function photonLog(level: i32, text: usize, length: i32): void;
@external("photon", "deadline") declare function photonDeadline(): i64;
@external("photon", "fetch") declare function photonFetch(head: usize, headLength: i32, body: usize, bodyLength: i32): i32;
@external("photon", "fetch_head") declare function photonFetchHead(buffer: usize, limit: i32): i32;
@external("photon", "fetch_body") declare function photonFetchBody(buffer: usize, limit: i32): i32;
@external("photon", "emit") declare function photonEmit(head: usize, headLength: i32, data: usize, dataLength: i32): i32;

export enum Level {
  DEBUG = -1,
  INFO = 0,
  WARN = 1,
  ERROR = 2,
}

// One line of the function's log.
export function log(level: Level, text: string): void {
  const bytes = String.UTF8.encode(text);
  photonLog(level, changetype<usize>(bytes), bytes.byteLength);
}

// Milliseconds until this run is stopped.
export function deadline(): i64 {
  return photonDeadline();
}

export class Answer {
  constructor(
    // HTTP's, or a negative number where there is no answer.
    public status: i32,
    // Header lines, each ended by a line feed; or why there is no answer.
    public head: string,
    public body: string,
  ) {}
}

// Calls out, and waits for the whole answer. The headers are lines, each ended by a line feed.
export function fetch(method: string, url: string, headers: string = "", body: string = ""): Answer {
  const head = String.UTF8.encode(method + " " + url + "\n" + headers);
  const content = String.UTF8.encode(body);
  const status = photonFetch(
    changetype<usize>(head), head.byteLength, changetype<usize>(content), content.byteLength);
  return new Answer(status, answerHead(), status < 0 ? "" : answerBody());
}

// Has an event published once this run has ended well. Fields are lines such as "ce-type: order.created", each ended by
// a line feed. 0, or a negative number; the log says why.
export function emit(topic: string, fields: string = "", data: string = ""): i32 {
  const head = String.UTF8.encode(topic + "\n" + fields);
  const content = String.UTF8.encode(data);
  return photonEmit(changetype<usize>(head), head.byteLength, changetype<usize>(content), content.byteLength);
}

function answerHead(): string {
  const head = new ArrayBuffer(photonFetchHead(0, 0));
  photonFetchHead(changetype<usize>(head), head.byteLength);
  return String.UTF8.decode(head);
}

function answerBody(): string {
  let received = new ArrayBuffer(0);
  const piece = new ArrayBuffer(8192);
  for (let length = photonFetchBody(changetype<usize>(piece), piece.byteLength); length > 0;
       length = photonFetchBody(changetype<usize>(piece), piece.byteLength)) {
    const longer = new ArrayBuffer(received.byteLength + length);
    memory.copy(changetype<usize>(longer), changetype<usize>(received), received.byteLength);
    memory.copy(changetype<usize>(longer) + received.byteLength, changetype<usize>(piece), length);
    received = longer;
  }
  return String.UTF8.decode(received);
}
