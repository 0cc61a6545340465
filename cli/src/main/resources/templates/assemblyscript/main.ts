// Greets whom the path names, as in /{{name}}/Ada, or else the body.
//
// The request's head is in environment variables (REQUEST_METHOD, PATH_INFO, QUERY_STRING, CONTENT_TYPE, HTTP_…), beside
// those of photoniq.toml, and its body is standard input. The answer is header lines, an empty line and the body, on
// standard output. Standard error is the log.

const MAX_NAME = 1000;

function variable(name: string, otherwise: string): string {
  return process.env.has(name) && process.env.get(name) != "" ? process.env.get(name) : otherwise;
}

// The first bytes of the body, without the white space around them.
function body(): string {
  const buffer = new ArrayBuffer(MAX_NAME);
  const length = max(process.stdin.read(buffer), 0);
  return String.UTF8.decodeUnsafe(changetype<usize>(buffer), length).trim();
}

function name(): string {
  const path = variable("PATH_INFO", "");
  if (path.length > 1) return path.substring(1);
  const text = body();
  return text == "" ? "world" : text;
}

const method = variable("REQUEST_METHOD", "");
if (method == "GET" || method == "POST") {
  const greeted = name();
  process.stderr.write(`INFO greeting ${greeted}\n`);
  process.stdout.write("Content-Type: text/plain; charset=utf-8\n\n");
  process.stdout.write(`${variable("GREETING", "Hello")}, ${greeted}!\n`);
} else {
  process.stderr.write(`WARN refused ${method}\n`);
  process.stdout.write("Status: 405 Method Not Allowed\nAllow: GET, POST\n\n");
}
