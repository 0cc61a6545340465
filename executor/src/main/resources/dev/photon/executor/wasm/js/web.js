// Smaller things of the web: random numbers, base64, copies, a clock.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MAX_RANDOM = 65536;
const POOL = 512;

function random(length) {
  tell("random", String(length));
  return read(length);
}

let pool = new DataView(new ArrayBuffer(0));
let taken = 0;

/** 53 random bits. The engine's own generator would start at the same point in every run. */
Math.random = function random_() {
  if (taken + 8 > pool.byteLength) {
    pool = new DataView(random(POOL).buffer);
    taken = 0;
  }
  const high = pool.getUint32(taken) >>> 5;
  const low = pool.getUint32(taken + 4) >>> 6;
  taken += 8;
  return (high * 67108864 + low) / 9007199254740992;
};
Object.defineProperty(Math.random, "name", { value: "random" });

const crypto = {
  getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || array instanceof DataView || /^(Big)?Float/.test(array.constructor.name)) {
      throw new TypeError("getRandomValues needs an array of integers");
    }
    if (array.byteLength > MAX_RANDOM) {
      throw new RangeError(`getRandomValues gives at most ${MAX_RANDOM} bytes at once`);
    }
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(random(array.byteLength));
    return array;
  },
  randomUUID() {
    const bytes = random(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  },
};

function btoa(text) {
  const binary = String(text);
  let encoded = "";
  for (let i = 0; i < binary.length; i += 3) {
    const bytes = [binary.charCodeAt(i), binary.charCodeAt(i + 1), binary.charCodeAt(i + 2)];
    if (bytes.some((byte) => byte > 255)) {
      throw new RangeError("btoa takes characters up to U+00FF: encode the text first");
    }
    const bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
    encoded += ALPHABET[bits >> 18] + ALPHABET[(bits >> 12) & 63];
    encoded += i + 1 < binary.length ? ALPHABET[(bits >> 6) & 63] : "=";
    encoded += i + 2 < binary.length ? ALPHABET[bits & 63] : "=";
  }
  return encoded;
}

function atob(text) {
  const encoded = String(text).replace(/[\t\n\f\r ]/g, "");
  const digits = encoded.length % 4 === 0 ? encoded.replace(/={1,2}$/, "") : encoded;
  if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) {
    throw new RangeError("atob needs base64");
  }
  let binary = "";
  let bits = 0;
  for (let i = 0; i < digits.length; i++) {
    bits = ((bits << 6) | ALPHABET.indexOf(digits[i])) & 0xffffff;
    if (i % 4 > 0) {
      binary += String.fromCharCode((bits >> (6 - 2 * (i % 4))) & 255);
    }
  }
  return binary;
}

function structuredClone(value, _options, seen = new Map()) {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`a ${typeof value} cannot be cloned`);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (seen.has(value)) {
    return seen.get(value);
  }
  const remember = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  const inner = (item) => structuredClone(item, undefined, seen);
  if (value instanceof Date) {
    return remember(new Date(value));
  }
  if (value instanceof RegExp) {
    return remember(new RegExp(value.source, value.flags));
  }
  if (value instanceof ArrayBuffer) {
    return remember(value.slice(0));
  }
  if (ArrayBuffer.isView(value)) {
    return remember(new value.constructor(inner(value.buffer), value.byteOffset, value.length ?? value.byteLength));
  }
  if (value instanceof Map) {
    const copy = remember(new Map());
    value.forEach((item, key) => copy.set(inner(key), inner(item)));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set());
    value.forEach((item) => copy.add(inner(item)));
    return copy;
  }
  if (value instanceof Error) {
    const copy = remember(Object.create(Object.getPrototypeOf(value)));
    Object.defineProperty(copy, "message", { value: value.message, writable: true, configurable: true });
    return copy;
  }
  const copy = remember(Array.isArray(value) ? new Array(value.length) : {});
  for (const [key, item] of Object.entries(value)) {
    copy[key] = inner(item);
  }
  return copy;
}

/** In whole milliseconds since 1970: there is no start of the process to count from. */
const performance = { now: () => Date.now(), timeOrigin: 0 };

define({ crypto, btoa, atob, structuredClone, performance });
