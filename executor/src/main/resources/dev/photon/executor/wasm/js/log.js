// What functions write for people: the platform's log, the console, and where in the script one is.

const MAX_DEPTH = 4;
const MAX_LINE = 65536;

function show(value, depth = 0, seen = []) {
  if (typeof value === "string") {
    return depth === 0 ? value : JSON.stringify(value);
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "function") {
    return `[function ${value.name}]`;
  }
  if (typeof value !== "object" || value === null) {
    return String(value);
  }
  if (value instanceof Error) {
    return `${value.name}: ${value.message}\n${value.stack ?? ""}`.trimEnd();
  }
  if (seen.includes(value) || depth >= MAX_DEPTH) {
    return "…";
  }
  const inner = (item) => show(item, depth + 1, [...seen, value]);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value, inner).join(", ")}]`;
  }
  if (value instanceof Date || value instanceof RegExp || value instanceof URL) {
    return String(value instanceof Date ? value.toISOString() : value);
  }
  if (value instanceof Map) {
    return `Map {${Array.from(value, ([key, item]) => `${inner(key)} => ${inner(item)}`).join(", ")}}`;
  }
  if (value instanceof Set) {
    return `Set {${Array.from(value, inner).join(", ")}}`;
  }
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${inner(item)}`).join(", ")}}`;
}

const at = (level) => (...values) => {
  tell("log", level, values.map((value) => show(value)).join(" ").slice(0, MAX_LINE));
};

const log = { error: at("ERROR"), warn: at("WARN"), info: at("INFO"), debug: at("DEBUG"), trace: at("TRACE") };

const console = {
  error: log.error,
  warn: log.warn,
  info: log.info,
  log: log.info,
  debug: log.debug,
  trace: log.trace,
  dir: log.info,
  assert(condition, ...values) {
    if (!condition) {
      log.error("assertion failed", ...values);
    }
  },
};

const FRAME = /^ *at (\S+) \(([^()]+?):(\d+)(?::\d+)?\)$/;

/** Function, file and line of a stack's frame, as far as it tells. */
function frame(stack, index) {
  const match = FRAME.exec(String(stack).split("\n")[index] ?? "");
  return match === null ? ["", "", ""] : match.slice(1);
}

function file_line() {
  const [, file, line] = frame(new Error().stack, 1);
  return `${file}:${line}`;
}

function file_function_line() {
  const [name, file, line] = frame(new Error().stack, 1);
  return `${file}:${name}:${line}`;
}

define({ log, console, file_line, file_function_line });
