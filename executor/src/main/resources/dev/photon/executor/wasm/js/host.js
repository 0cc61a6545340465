// The way out of the engine: calls with texts, and bytes beside them in either direction.
const invoke = globalThis.java_invoke;
const { readSync, writeSync } = globalThis.Javy.IO;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
for (const name of ["java_invoke", "Javy", "plugin"]) {
  delete globalThis[name];
}

const encode = (text) => encoder.encode(text);
const decode = (bytes) => decoder.decode(bytes);

/** Calls the host. Only the last text may contain a NUL. */
function tell(name, ...texts) {
  invoke("photon", name, texts.join("\0").toWellFormed());
}

/** Calls the host, which answers with texts. */
function ask(name, ...texts) {
  tell(name, ...texts);
  return decode(readAll()).split("\0");
}

/** Hands bytes to the next call. */
function write(bytes) {
  for (let rest = bytes; rest.length > 0; ) {
    rest = rest.subarray(writeSync(1, rest));
  }
}

const CHUNK = 1024;

/** What the last call has to say, however much that is. */
function readAll() {
  const bytes = new Uint8Array(CHUNK);
  const length = readSync(0, bytes);
  return length < CHUNK ? bytes.subarray(0, length) : concat([bytes, ...readChunks()]);
}

function* readChunks() {
  for (let length = CHUNK; length === CHUNK; ) {
    const bytes = new Uint8Array(CHUNK);
    length = readSync(0, bytes);
    yield bytes.subarray(0, length);
  }
}

function concat(arrays) {
  const all = new Uint8Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** What the last call announced with its length. */
function read(length) {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    done += readSync(0, bytes.subarray(done));
  }
  return bytes;
}

/** Defines globals as the web's are: writable, and not listed. */
function define(globals) {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
