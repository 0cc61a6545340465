// One run of a script: its handler is found and called, and its answer or failure handed to the host.

const MAX_MESSAGE = 2000;
const EVENTS = ["handler", "fetch"];

let listener;
let exported;
let state = "new";

define({
  addEventListener(type, handler) {
    if (!EVENTS.includes(type)) {
      throw new TypeError(`there are no events '${type}': listen for "handler"`);
    }
    if (typeof handler !== "function") {
      throw new TypeError("addEventListener needs a function");
    }
    listener = handler;
  },
});

class Failure extends Error {}

/** What the host runs. */
define({ __photon: Object.freeze({ defineVariables, load, step }) });

/** Finds what the script exports; it ran before, or waits for something. */
function load() {
  state = "loading";
  import(ask("file")[0]).then(
    (module) => {
      exported = module.default;
      state = "loaded";
      tell("loaded");
    },
    (error) => fail(error),
  );
}

/** Goes on until there is nothing left to do but wait; the host calls it until the run has ended. */
function step() {
  if (state === "loaded") {
    state = "running";
    run().then(answer).catch(fail);
  } else if (!turn()) {
    fail(new Failure(
      state === "loading"
        ? "the script's top level waits for something that never happens"
        : "the handler waits for something that never happens",
    ));
  }
}

/** What a timer's function throws has nobody else to go to. */
function turn() {
  try {
    return next();
  } catch (error) {
    fail(error);
  }
}

async function run() {
  const waits = [];
  const request = new IncomingRequest(invocation());
  const response = await (listener === undefined ? callExported(request, waits) : callListener(request, waits));
  if (waits.length > 0) {
    await Promise.all(waits);
  }
  return response;
}

/** With what PhotonIQ's requests have beside the web's. */
class IncomingRequest extends Request {
  constructor(incoming) {
    const { path, query, headers, bodyLength } = incoming;
    const text = `${valueIn(headers, "host", "localhost")}${path || "/"}${query === "" ? "" : "?" + query}`;
    const scheme = valueIn(headers, "x-forwarded-proto", "http") === "https" ? "https" : "http";
    super(`${scheme}://${text}`, undefined, { ...incoming, takeBody: bodyLength > 0 ? takeBody : undefined });
    this.path = path;
    this.query = query;
  }
}

function valueIn(pairs, name, otherwise) {
  const at = pairs.findIndex((text, i) => i % 2 === 0 && text === name);
  return at < 0 ? otherwise : pairs[at + 1];
}

function callExported(request, waits) {
  const handler = typeof exported === "function" ? exported : exported?.fetch;
  if (typeof handler !== "function") {
    throw new Failure(
      'the script has no handler: call addEventListener("handler", …) or export default { fetch(request) { … } }',
    );
  }
  const ctx = { waitUntil: (promise) => void waits.push(promise), passThroughOnException() {} };
  return handler.call(exported, request, invocation().env, ctx);
}

async function callListener(request, waits) {
  let responded = false;
  let response;
  const event = {
    type: "handler",
    request,
    respondWith(value) {
      if (responded) {
        throw new Failure("the handler called event.respondWith twice");
      }
      responded = true;
      response = value;
    },
    waitUntil: (promise) => void waits.push(promise),
  };
  await listener(event);
  if (!responded) {
    throw new Failure("the handler did not call event.respondWith");
  }
  return response;
}

/** So many characters, or bytes, fit a record with their head, however they are encoded. */
const HELD = 200_000;

function answer(response) {
  if (!(response instanceof Response)) {
    throw new Failure(`the handler answered with ${describe(response)} instead of a response`);
  }
  const head = `Status: ${response.status}\n${headerLines(response.headers)}\n`;
  if (response.bodyUsed) {
    throw new Failure("the handler answered with a response whose body was read already");
  }
  const content = Body.peek(response);
  if (content.length > HELD) {
    tell("answering");
  }
  if (typeof content === "string") {
    write(encode(head + content));
  } else {
    write(encode(head));
    write(content);
  }
  tell("answered");
}

function describe(value) {
  return value === null || value === undefined ? String(value) : `a value of the type ${typeof value}`;
}

/** Ends the run: what went wrong, where, and the stack for the log. */
function fail(error) {
  if (error instanceof Failure) {
    tell("failed", error.message, "", "");
    return;
  }
  const stack = error instanceof Error ? String(error.stack ?? "") : "";
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `uncaught ${String(error)}`;
  const message = text.slice(0, MAX_MESSAGE);
  const own = stack.split("\n").filter((line) => !line.includes("(photon") && !line.includes("(native)"));
  const [, file, line] = frame(own.join("\n"), 0);
  tell("failed", message, file === "" ? "" : `${file}:${line}`, own.join("\n"));
}
