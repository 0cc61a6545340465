// What this run was asked, fetched at the first question: nothing of it may be in a snapshot.

const NO_ENV = Object.freeze({});
let current;

/** The invocation: method, path, query, function name, version, id, variables and headers. */
function invocation() {
  current ??= parse(ask("request"));
  return current;
}

function parse(texts) {
  const [method, path, query, name, version, id, bodyLength, variables] = texts;
  const headersAt = 8 + 2 * Number(variables);
  return {
    method, path, query, name, version, id,
    bodyLength: Number(bodyLength),
    env: variables === "0" ? NO_ENV : Object.freeze(Object.fromEntries(pairs(texts.slice(8, headersAt)))),
    headers: texts.slice(headersAt),
  };
}

function pairs(texts) {
  return texts.flatMap((text, i) => (i % 2 === 0 ? [[text, texts[i + 1]]] : []));
}

/** The request's body, which can be taken once. */
function takeBody() {
  const { bodyLength } = invocation();
  if (bodyLength === 0) {
    return new Uint8Array(0);
  }
  tell("content");
  return read(bodyLength);
}

/** Each variable is a global of its name, unless the language or the web has one of that name. */
function defineVariables() {
  for (const name of ask("variables")) {
    if (name !== "" && !(name in globalThis)) {
      Object.defineProperty(globalThis, name, {
        get: () => invocation().env[name],
        set: (value) => Object.defineProperty(globalThis, name, { value, writable: true }),
        configurable: true,
      });
    }
  }
}
