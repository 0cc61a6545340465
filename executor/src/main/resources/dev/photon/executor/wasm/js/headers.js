// Headers (fetch.spec.whatwg.org, section 5.1), without guards: there is no browser to protect.

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN = /[\0\r\n]/;

function nameOf(name) {
  const text = String(name);
  if (!NAME.test(text)) {
    throw new TypeError(`invalid header name '${text}'`);
  }
  return text.toLowerCase();
}

function valueOf(value) {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (FORBIDDEN.test(text)) {
    throw new TypeError("a header's value has a line break or a NUL");
  }
  return text;
}

class Headers {
  #values = new Map();

  constructor(init) {
    if (init === undefined || init === null) {
      return;
    }
    const entries = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
    for (const [name, value] of entries) {
      this.append(name, value);
    }
  }

  /** From names in small letters and values that the host has seen. */
  static of(pairs) {
    const headers = new Headers();
    const values = headers.#values;
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const known = values.get(pairs[i]);
      if (known === undefined) {
        values.set(pairs[i], [pairs[i + 1]]);
      } else {
        known.push(pairs[i + 1]);
      }
    }
    return headers;
  }

  /** What an answer has to say of them, a line for each. */
  static lines(headers) {
    let lines = "";
    for (const [name, values] of headers.#values) {
      if (name === "set-cookie") {
        for (const value of values) {
          lines += `${name}: ${value}\n`;
        }
      } else {
        lines += `${name}: ${values.join(", ")}\n`;
      }
    }
    return lines;
  }

  append(name, value) {
    const key = nameOf(name);
    const known = this.#values.get(key);
    if (known === undefined) {
      this.#values.set(key, [valueOf(value)]);
    } else {
      known.push(valueOf(value));
    }
  }

  set(name, value) {
    this.#values.set(nameOf(name), [valueOf(value)]);
  }

  get(name) {
    const values = this.#values.get(nameOf(name));
    return values === undefined ? null : values.join(", ");
  }

  has(name) {
    return this.#values.has(nameOf(name));
  }

  delete(name) {
    this.#values.delete(nameOf(name));
  }

  getSetCookie() {
    return [...(this.#values.get("set-cookie") ?? [])];
  }

  /** In the order of names; cookies are not joined. */
  *entries() {
    for (const name of [...this.#values.keys()].sort()) {
      if (name === "set-cookie") {
        for (const value of this.#values.get(name)) {
          yield [name, value];
        }
      } else {
        yield [name, this.#values.get(name).join(", ")];
      }
    }
  }

  *keys() {
    for (const [name] of this.entries()) {
      yield name;
    }
  }

  *values() {
    for (const [, value] of this.entries()) {
      yield value;
    }
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this.entries()) {
      callback.call(thisArg, value, name, this);
    }
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return "Headers";
  }
}

const headersOf = Headers.of;
const headerLines = Headers.lines;
delete Headers.of;
delete Headers.lines;

define({ Headers });
