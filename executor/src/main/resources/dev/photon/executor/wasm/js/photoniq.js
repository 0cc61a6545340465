// The builders of PhotonIQ functions.

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const HttpMethod = Object.freeze(Object.fromEntries(METHODS.map((method) => [method, method])));

class HttpResponseBuilder {
  #status = 200;
  #headers = new Headers();
  #body = null;

  status(status) {
    this.#status = status;
    return this;
  }

  header(name, value) {
    this.#headers.append(name, value);
    return this;
  }

  body(body) {
    this.#body = body;
    return this;
  }

  build() {
    return new Response(asBody(this.#body), { status: this.#status, headers: this.#headers });
  }
}

class HttpRequest {
  #request;

  constructor(request) {
    this.#request = request;
  }

  send() {
    return fetch(this.#request);
  }
}

class HttpRequestBuilder {
  #url;
  #method = HttpMethod.GET;
  #headers = new Headers();
  #body = null;

  constructor(url) {
    this.#url = url;
  }

  method(method) {
    this.#method = method;
    return this;
  }

  header(name, value) {
    this.#headers.append(name, value);
    return this;
  }

  body(body) {
    this.#body = body;
    return this;
  }

  build() {
    const init = { method: this.#method, headers: this.#headers, body: asBody(this.#body) };
    return new HttpRequest(new Request(this.#url, init));
  }
}

/** Plain objects are sent as JSON. */
function asBody(body) {
  const isPlain = Array.isArray(body) || (body !== null && Object.getPrototypeOf(Object(body)) === Object.prototype);
  return isPlain ? JSON.stringify(body) : body;
}

define({ HttpMethod, HttpResponseBuilder, HttpRequestBuilder });
