// Greets whom the path names, as in /{{name}}/Ada, or else the body.
//
// Variables of photoniq.toml are globals, and in the handler's second parameter. log.error() … log.trace() is the log.

export default {
  async fetch(request, env) {
    if (request.method !== HttpMethod.GET && request.method !== HttpMethod.POST) {
      log.warn(`refused ${request.method}`);
      return new Response(null, { status: 405, headers: { Allow: "GET, POST" } });
    }
    const name = decodeURIComponent(request.path.replace(/^\/+/, "")) || (await request.text()).trim() || "world";
    log.info(`greeting ${name}`);
    return new Response(`${env.GREETING}, ${name}!\n`);
  },
};
