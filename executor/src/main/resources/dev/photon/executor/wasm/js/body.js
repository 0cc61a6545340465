// What requests and responses have in common (fetch.spec.whatwg.org, section 5.2). Bodies are whole: there are no streams.

const EMPTY = new Uint8Array(0);

/** The bytes of a body and the content type that it implies, as [bytes, type]. */
function extract(init) {
  if (typeof init === "string") {
    return [init, "text/plain;charset=UTF-8"];
  }
  if (init instanceof Chunk) {
    return [init.bytes, null];
  }
  if (init instanceof ArrayBuffer) {
    return [new Uint8Array(init.slice(0)), null];
  }
  if (ArrayBuffer.isView(init)) {
    return [new Uint8Array(init.buffer.slice(init.byteOffset, init.byteOffset + init.byteLength)), null];
  }
  if (init instanceof URLSearchParams) {
    return [String(init), "application/x-www-form-urlencoded;charset=UTF-8"];
  }
  return [String(init), "text/plain;charset=UTF-8"];
}

/** What stands for a stream: all of the body as its only chunk. */
class Chunk {
  #take;

  constructor(take) {
    this.#take = take;
  }

  get bytes() {
    return this.#take();
  }

  get locked() {
    return false;
  }

  getReader() {
    const chunks = this[Symbol.asyncIterator]();
    return { read: () => chunks.next(), releaseLock() {}, cancel: async () => {} };
  }

  async *[Symbol.asyncIterator]() {
    yield this.#take();
  }
}

class Body {
  /** A text or bytes, or a function that gets them at the first need. */
  #content;
  #empty;
  #used = false;

  /** @param lazy a function that gives the bytes */
  constructor(init, headers, lazy) {
    if (lazy !== undefined) {
      this.#content = lazy;
      this.#empty = false;
      return;
    }
    if (init === undefined || init === null) {
      this.#content = EMPTY;
      this.#empty = true;
      return;
    }
    const [content, type] = extract(init);
    this.#content = content;
    this.#empty = false;
    if (type !== null && !headers.has("content-type")) {
      headers.set("content-type", type);
    }
  }

  /** A text or bytes; does not count as a use. */
  static peek(body) {
    if (typeof body.#content === "function") {
      body.#content = body.#content();
    }
    return body.#content;
  }

  static isEmpty(body) {
    return body.#empty;
  }

  #take() {
    if (this.#used) {
      throw new TypeError("the body was read already");
    }
    this.#used = !this.#empty;
    return Body.peek(this);
  }

  #bytes() {
    const content = this.#take();
    return typeof content === "string" ? encode(content) : content;
  }

  get body() {
    return this.#empty ? null : new Chunk(() => this.#bytes());
  }

  get bodyUsed() {
    return this.#used;
  }

  async text() {
    const content = this.#take();
    return typeof content === "string" ? content : decode(content);
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async bytes() {
    return this.#bytes();
  }

  async arrayBuffer() {
    const bytes = this.#bytes();
    return bytes.byteLength === bytes.buffer.byteLength
      ? bytes.buffer
      : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }

  async formData() {
    if (!(this.headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) {
      throw new TypeError("only forms of the type application/x-www-form-urlencoded can be read");
    }
    return new URLSearchParams(await this.text());
  }
}
