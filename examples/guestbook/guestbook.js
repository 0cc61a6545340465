// A page with a form. What is sent is shown to its sender, escaped, and greeted as photoniq.toml says.

const PAGE = (content) => `<!doctype html>
<html lang="en">
  <title>Guest book</title>
  <form method="post">
    <input name="name" placeholder="Your name" required>
    <input name="text" placeholder="What you have to say" required>
    <button>Sign</button>
  </form>
  ${content}
</html>
`;

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
}

async function entry(request, env) {
  const form = new URLSearchParams(await request.text());
  const name = form.get("name")?.trim();
  const text = form.get("text")?.trim();
  if (!name || !text) {
    return page("<p>Both fields are needed.</p>", 400);
  }
  log.info(`${name} signed, ${text.length} characters`);
  return page(`<p>${escaped(env.GREETING)} <b>${escaped(name)}</b>: ${escaped(text)}</p>`, 200);
}

function page(content, status) {
  return new Response(PAGE(content), { status, headers: { "content-type": "text/html;charset=UTF-8" } });
}

export default {
  async fetch(request, env) {
    switch (request.method) {
      case "GET":
        return page("", 200);
      case "POST":
        return entry(request, env);
      default:
        return new Response(null, { status: 405, headers: { allow: "GET, POST" } });
    }
  },
};
