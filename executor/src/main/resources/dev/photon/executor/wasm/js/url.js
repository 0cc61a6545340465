// URL and URLSearchParams (url.spec.whatwg.org) for what functions meet: http and https, and opaque ones such as data:.
// Hosts are ASCII, and IPv4 addresses stay as they are written: the host checks and normalises what is fetched.

const PORTS = { "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21" };
const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*:)(.*)$/s;
const AUTHORITY = /^(?:([^@]*)@)?(\[[0-9a-fA-F:.]+\]|[^:[\]]*)(?::([0-9]*))?$/s;
const FORBIDDEN_HOST = /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]|[^\x00-\x7f]/;

const inPath = /[^!$&'()*+,./0-9:;=@A-Z[\]_a-z~|%^\\-]/gu;
const inQuery = /[^!$%&()*+,./0-9:;=?@A-Z[\\\]^_`a-z{|}~-]/gu;
const inFragment = /[^!#$%&'()*+,./0-9:;=?@A-Z[\\\]^_a-z{|}~-]/gu;
const inUser = /[^!$%&'()*+,.0-9A-Z_a-z~-]/gu;
const inForm = /[^*.0-9A-Z_a-z-]/gu;

function escapeAll(text, characters) {
  return text.toWellFormed().replace(characters, (character) => {
    let escaped = "";
    for (const byte of encode(character)) {
      escaped += "%" + (byte < 16 ? "0" : "") + byte.toString(16).toUpperCase();
    }
    return escaped;
  });
}

/** Malformed escapes stay as they are. */
function unescapeForm(text) {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => {
      const numbers = bytes.slice(1).split("%").map((digits) => parseInt(digits, 16));
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(numbers));
    });
  }
}

/** Resolves "." and "..", escaped or not. */
function normalPath(path) {
  const segments = [];
  const given = path.split("/");
  given.forEach((segment, i) => {
    const plain = segment.replace(/%2e/gi, ".");
    const last = i === given.length - 1;
    if (plain === "..") {
      segments.pop();
    }
    if (plain === "." || plain === "..") {
      if (last) {
        segments.push("");
      }
    } else {
      segments.push(segment);
    }
  });
  return "/" + segments.join("/");
}

function splitOff(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

class URL {
  #parts;
  #searchParams;

  constructor(url, base) {
    const text = String(url).replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
    const parts = URL.#parse(text, base === undefined ? undefined : new URL(base).#parts);
    if (parts === undefined) {
      throw new TypeError(`invalid URL '${url}'`);
    }
    this.#parts = parts;
  }

  static canParse(url, base) {
    return URL.parse(url, base) !== null;
  }

  static parse(url, base) {
    try {
      return new URL(url, base);
    } catch {
      return null;
    }
  }

  static #parse(text, base) {
    const [beforeHash, hash] = splitOff(text, "#");
    const fragment = hash.length > 1 ? "#" + escapeAll(hash.slice(1), inFragment) : "";
    const absolute = SCHEME.exec(beforeHash);
    const protocol = absolute === null ? base?.protocol : absolute[1].toLowerCase();
    if (protocol === undefined) {
      return undefined;
    }
    if (PORTS[protocol] === undefined) {
      return absolute === null ? undefined : URL.#opaque(protocol, absolute[2], fragment);
    }
    const rest = (absolute === null ? beforeHash : absolute[2]).replace(/^[^?]*/, (path) => path.replaceAll("\\", "/"));
    const slashes = /^\/*/.exec(rest)[0].length;
    if (absolute !== null ? base?.protocol !== protocol || slashes >= 2 : slashes >= 2) {
      return URL.#hierarchical(protocol, rest.slice(slashes), fragment);
    }
    return URL.#relative(base, rest, hash === "" ? "" : fragment);
  }

  static #opaque(protocol, rest, hash) {
    const [pathname, search] = splitOff(rest, "?");
    return { protocol, username: "", password: "", hostname: "", port: "", pathname, search, hash, opaque: true };
  }

  static #hierarchical(protocol, rest, hash) {
    const end = rest.search(/[/?]/);
    const authority = AUTHORITY.exec(end < 0 ? rest : rest.slice(0, end));
    if (authority === null) {
      return undefined;
    }
    const [, user = "", host, port = ""] = authority;
    const hostname = host.toLowerCase();
    if (hostname === "" || (!hostname.startsWith("[") && FORBIDDEN_HOST.test(hostname)) || Number(port) > 65535) {
      return undefined;
    }
    const [path, search] = splitOff(end < 0 ? "" : rest.slice(end), "?");
    const [username, password] = splitOff(user, ":");
    return {
      protocol,
      username: escapeAll(username, inUser),
      password: escapeAll(password.slice(1), inUser),
      hostname,
      port: port === "" || String(Number(port)) === PORTS[protocol] ? "" : String(Number(port)),
      pathname: URL.#pathname(path),
      search: URL.#search(search),
      hash,
    };
  }

  static #relative(base, rest, hash) {
    const [path, search] = splitOff(rest, "?");
    const directory = base.pathname.slice(0, base.pathname.lastIndexOf("/") + 1);
    const pathname = path === "" ? base.pathname : URL.#pathname(path.startsWith("/") ? path : directory + path);
    return { ...base, pathname, search: rest === "" ? base.search : URL.#search(search), hash };
  }

  static #pathname(path) {
    return normalPath(escapeAll(path.replace(/^\//, ""), inPath));
  }

  static #search(search) {
    return search.length > 1 ? "?" + escapeAll(search.slice(1), inQuery) : "";
  }

  get href() {
    const { protocol, username, password, pathname, search, hash, opaque } = this.#parts;
    const user = username === "" && password === "" ? "" : `${username}${password === "" ? "" : ":" + password}@`;
    return `${protocol}${opaque ? "" : `//${user}${this.host}`}${pathname}${search}${hash}`;
  }

  set href(url) {
    this.#parts = new URL(url).#parts;
    this.#searchParams?.reset(this.search);
  }

  get origin() {
    return this.#parts.opaque ? "null" : `${this.#parts.protocol}//${this.host}`;
  }

  get protocol() {
    return this.#parts.protocol;
  }

  get host() {
    const { hostname, port } = this.#parts;
    return port === "" ? hostname : `${hostname}:${port}`;
  }

  /** Sets parts by parsing the whole anew; what does not fit is ignored, as the specification has it. */
  #change(parts) {
    const before = this.#parts;
    this.#parts = { ...before, ...parts };
    try {
      this.#parts = new URL(this.href).#parts;
    } catch {
      this.#parts = before;
    }
  }

  set protocol(value) {
    const protocol = String(value).replace(/:?$/, ":").toLowerCase();
    if (PORTS[protocol] !== undefined && !this.#parts.opaque) {
      this.#change({ protocol });
    }
  }

  set host(value) {
    const [hostname, port] = splitOff(String(value), ":");
    this.#change({ hostname, port: port.slice(1) });
  }

  set hostname(value) {
    this.#change({ hostname: String(value) });
  }

  set port(value) {
    this.#change({ port: String(value) });
  }

  set username(value) {
    this.#change({ username: escapeAll(String(value), inUser) });
  }

  set password(value) {
    this.#change({ password: escapeAll(String(value), inUser) });
  }

  set pathname(value) {
    if (!this.#parts.opaque) {
      this.#parts = { ...this.#parts, pathname: URL.#pathname(String(value).replaceAll("?", "%3F").replaceAll("#", "%23")) };
    }
  }

  set search(value) {
    const text = String(value);
    this.#searchOnly(text === "" || text.startsWith("?") ? text : "?" + text);
    this.#searchParams?.reset(this.search);
  }

  #searchOnly(search) {
    this.#parts = { ...this.#parts, search: URL.#search(search.replaceAll("#", "%23")) };
  }

  set hash(value) {
    const text = String(value).replace(/^#/, "");
    this.#parts = { ...this.#parts, hash: text === "" ? "" : "#" + escapeAll(text, inFragment) };
  }

  get hostname() {
    return this.#parts.hostname;
  }

  get port() {
    return this.#parts.port;
  }

  get username() {
    return this.#parts.username;
  }

  get password() {
    return this.#parts.password;
  }

  get pathname() {
    return this.#parts.pathname;
  }

  get search() {
    return this.#parts.search;
  }

  get hash() {
    return this.#parts.hash;
  }

  get searchParams() {
    this.#searchParams ??= URLSearchParams.of(this.search, (search) => this.#searchOnly(search));
    return this.#searchParams.shown;
  }

  toString() {
    return this.href;
  }

  toJSON() {
    return this.href;
  }
}

class URLSearchParams {
  #pairs = [];
  #changed = () => {};

  constructor(init = "") {
    if (typeof init === "object" && init !== null) {
      const entries = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
      for (const [name, value] of entries) {
        this.#pairs.push([String(name), String(value)]);
      }
    } else {
      this.#read(String(init));
    }
  }

  /** The parameters of a URL, which hears of changes: what to show, and how to set them anew. */
  static of(search, changed) {
    const shown = new URLSearchParams(search);
    shown.#changed = () => changed(shown.size === 0 ? "" : "?" + shown);
    return { shown, reset: (text) => shown.#read(text) };
  }

  #read(text) {
    this.#pairs = text
      .replace(/^\?/, "")
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [name, value] = splitOff(pair, "=");
        return [unescapeForm(name), unescapeForm(value.slice(1))];
      });
  }

  get size() {
    return this.#pairs.length;
  }

  append(name, value) {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }

  delete(name, value) {
    this.#pairs = this.#pairs.filter(([n, v]) => n !== String(name) || (value !== undefined && v !== String(value)));
    this.#changed();
  }

  get(name) {
    return this.#pairs.find(([n]) => n === String(name))?.[1] ?? null;
  }

  getAll(name) {
    return this.#pairs.filter(([n]) => n === String(name)).map(([, value]) => value);
  }

  has(name, value) {
    return this.#pairs.some(([n, v]) => n === String(name) && (value === undefined || v === String(value)));
  }

  set(name, value) {
    const first = this.#pairs.findIndex(([n]) => n === String(name));
    if (first < 0) {
      this.#pairs.push([String(name), String(value)]);
    } else {
      this.#pairs[first] = [String(name), String(value)];
      this.#pairs = this.#pairs.filter(([n], i) => i <= first || n !== String(name));
    }
    this.#changed();
  }

  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  *entries() {
    for (const [name, value] of this.#pairs) {
      yield [name, value];
    }
  }

  *keys() {
    for (const [name] of this.#pairs) {
      yield name;
    }
  }

  *values() {
    for (const [, value] of this.#pairs) {
      yield value;
    }
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this.#pairs) {
      callback.call(thisArg, value, name, this);
    }
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    const escape = (text) => escapeAll(text, inForm).replaceAll("%20", "+");
    return this.#pairs.map(([name, value]) => `${escape(name)}=${escape(value)}`).join("&");
  }
}

define({ URL, URLSearchParams });
