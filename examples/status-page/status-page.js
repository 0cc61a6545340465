// The API behind the page: whether the service that photoniq.toml names answers, and how fast.

async function look(target) {
  const began = Date.now();
  try {
    const answer = await fetch(target);
    return { target, up: answer.status < 500, status: answer.status, millis: Date.now() - began };
  } catch (error) {
    log.warn(`${target}: ${error.message}`);
    return { target, up: false, reason: error.message, millis: Date.now() - began };
  }
}

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== "/api/status") {
      return Response.json({ error: "there is only /api/status" }, { status: 404 });
    }
    return Response.json(await look(env.TARGET), { headers: { "cache-control": "no-store" } });
  },
};
