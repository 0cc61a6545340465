// Answers count, min, max, mean and (population) standard deviation of a JSON array of numbers,
// or, with ?field=x, of the numbers x of a JSON array of objects. The array is the body; or, with ?source=url, what
// that address answers.

import { Answer, Level, fetch, log } from "../photon/photon";
import { Json, hex } from "./json";

class Stats {
  count: i32 = 0;
  min: f64 = NaN;
  max: f64 = NaN;
  mean: f64 = NaN;
  squares: f64 = 0; // of the distances to the mean (Welford's method)

  add(value: f64): void {
    if (this.count++ == 0) {
      this.min = this.max = this.mean = value;
      return;
    }
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    const distance = value - this.mean;
    this.mean += distance / this.count;
    this.squares += distance * (value - this.mean);
  }

  toJson(): string {
    const deviation = Math.sqrt(this.squares / this.count);
    return `{"count":${this.count},"min":${number(this.min)},"max":${number(this.max)},"mean":${number(this.mean)},"stddev":${number(deviation)}}`;
  }
}

function number(value: f64): string {
  if (!isFinite(value)) return "null";
  const text = value.toString();
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}

function readBody(): string {
  let buffer = new ArrayBuffer(64 * 1024);
  let length = 0;
  for (let got = process.stdin.read(buffer); got > 0; got = process.stdin.read(buffer, length)) {
    length += got;
    if (length == buffer.byteLength) {
      const larger = new ArrayBuffer(2 * length);
      memory.copy(changetype<usize>(larger), changetype<usize>(buffer), length);
      buffer = larger;
    }
  }
  return String.UTF8.decodeUnsafe(changetype<usize>(buffer), length);
}

// The value of a parameter of the query string, percent-decoded; empty if it is not there.
function parameter(name: string): string {
  const query = process.env.has("QUERY_STRING") ? process.env.get("QUERY_STRING") : "";
  const pairs = query.split("&");
  for (let i = 0; i < pairs.length; i++) {
    if (pairs[i].startsWith(name + "=")) return percentDecode(pairs[i].substring(name.length + 1));
  }
  return "";
}

function percentDecode(encoded: string): string {
  const bytes = new Array<u8>();
  const utf8 = Uint8Array.wrap(String.UTF8.encode(encoded.replaceAll("+", " ")));
  for (let i = 0; i < utf8.length; i++) {
    const high = utf8[i] == 0x25 && i + 2 < utf8.length ? hex(utf8[i + 1]) : -1;
    const low = high >= 0 ? hex(utf8[i + 2]) : -1;
    bytes.push(low >= 0 ? <u8>(high * 16 + low) : utf8[i]);
    if (low >= 0) i += 2;
  }
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
}

function answer(status: string, body: string): void {
  process.stdout.write(`Status: ${status}\nContent-Type: application/json\n\n${body}\n`);
}

const field = parameter("field");
const source = parameter("source");
const given = source == "" ? new Answer(200, "", readBody()) : fetch("GET", source, "accept: application/json\n");
const json = new Json(given.body);
const stats = new Stats();

if (json.open(0x5b, 0x5d)) {
  do {
    const value = field == "" ? json.number() : json.numberOfMember(field);
    if (!json.failed) stats.add(value);
  } while (json.another(0x5d));
}
json.end();

if (given.status < 0) {
  log(Level.WARN, `${source}: ${given.head}`);
  answer("502 Bad Gateway", '{"error":"the source cannot be read"}');
} else if (given.status != 200) {
  answer("502 Bad Gateway", `{"error":"the source answers ${given.status}"}`);
} else if (json.failed) {
  answer("400 Bad Request", `{"error":"${json.error}"}`);
} else {
  answer("200 OK", stats.toJson());
}
