// Request, Response and fetch (fetch.spec.whatwg.org, sections 5.3 to 5.6).

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NORMALIZED = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
const NULL_BODY = [204, 205, 304];
const REDIRECT_MODES = ["follow", "manual", "error"];
const REDIRECTS = [301, 302, 303, 307, 308];

function methodOf(method) {
  const text = String(method);
  if (!TOKEN.test(text)) {
    throw new TypeError(`invalid method '${text}'`);
  }
  const upper = text.toUpperCase();
  return NORMALIZED.includes(upper) ? upper : text;
}

class Request extends Body {
  #method;
  #url;
  #headers;
  #redirect = "follow";

  /** @param incoming the request that is being answered, in place of all else */
  constructor(input, init = {}, incoming) {
    if (incoming !== undefined) {
      super(undefined, undefined, incoming.takeBody);
      this.#method = incoming.method;
      this.#url = input;
      this.#headers = headersOf(incoming.headers);
      return;
    }
    const from = input instanceof Request ? input : undefined;
    const method = methodOf(init.method ?? from?.method ?? "GET");
    const headers = new Headers(init.headers ?? from?.headers);
    const body = init.body ?? from?.body;
    if (body !== undefined && body !== null && (method === "GET" || method === "HEAD")) {
      throw new TypeError(`a request with the method ${method} has no body`);
    }
    super(body, headers);
    this.#method = method;
    this.#url = from !== undefined ? from.url : new URL(String(input)).href;
    this.#headers = headers;
    this.#redirect = String(init.redirect ?? from?.redirect ?? "follow");
    if (!REDIRECT_MODES.includes(this.#redirect)) {
      throw new TypeError(`invalid redirect mode '${this.#redirect}'`);
    }
  }

  get redirect() {
    return this.#redirect;
  }

  get method() {
    return this.#method;
  }

  get url() {
    return this.#url;
  }

  get headers() {
    return this.#headers;
  }

  clone() {
    return new Request(this.#url, { method: this.#method, headers: this.#headers, body: copyOf(this) });
  }

  get [Symbol.toStringTag]() {
    return "Request";
  }
}

class Response extends Body {
  #status;
  #statusText;
  #headers;
  #url = "";

  constructor(body, init = {}) {
    const status = init.status === undefined ? 200 : Number(init.status);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`the status ${init.status} is not between 200 and 599`);
    }
    if (body !== undefined && body !== null && NULL_BODY.includes(status)) {
      throw new TypeError(`a response with the status ${status} has no body`);
    }
    const headers = new Headers(init.headers);
    super(body, headers);
    this.#status = status;
    this.#statusText = init.statusText === undefined ? "" : String(init.statusText);
    this.#headers = headers;
  }

  static json(value, init = {}) {
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) {
      headers.set("content-type", "application/json");
    }
    return new Response(JSON.stringify(value), { ...init, headers });
  }

  static redirect(url, status = 302) {
    if (!REDIRECTS.includes(status)) {
      throw new RangeError(`${status} is not the status of a redirect`);
    }
    return new Response(null, { status, headers: { location: String(url) } });
  }

  static error() {
    throw new TypeError("Response.error() cannot be an answer");
  }

  static fetched(status, url, headers, body) {
    const response = new Response(NULL_BODY.includes(status) ? null : body, { status, headers });
    response.#url = url;
    return response;
  }

  get status() {
    return this.#status;
  }

  get statusText() {
    return this.#statusText;
  }

  get ok() {
    return this.#status < 300;
  }

  get headers() {
    return this.#headers;
  }

  get url() {
    return this.#url;
  }

  clone() {
    return new Response(copyOf(this), { status: this.#status, statusText: this.#statusText, headers: this.#headers });
  }

  get [Symbol.toStringTag]() {
    return "Response";
  }
}

const fetched = Response.fetched;
delete Response.fetched;

function copyOf(body) {
  if (body.bodyUsed) {
    throw new TypeError("the body was read already");
  }
  return Body.isEmpty(body) ? null : Body.peek(body);
}

/** The host answers before the next line runs: the promise is there for the interface's sake. */
async function fetch(input, init) {
  const request = new Request(input, init);
  const content = Body.peek(request);
  write(typeof content === "string" ? encode(content) : content);
  const [outcome, ...texts] = ask("fetch", request.redirect, request.method, request.url, ...[...request.headers].flat());
  if (outcome !== "answered") {
    throw new TypeError(`fetch ${request.url}: ${texts[0]}`);
  }
  const [status, url, length, ...pairs] = texts;
  tell("content");
  return fetched(Number(status), url, headersOf(pairs), read(Number(length)));
}

define({ Request, Response, fetch });
