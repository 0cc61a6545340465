// One page, two views. The platform answers index.html for both addresses, as spa = true says.

const main = document.querySelector("main");

function show(heading, ...paragraphs) {
  const elements = [["h1", heading], ...paragraphs.map((text) => ["p", text])].map(([name, text]) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  });
  main.replaceChildren(...elements);
}

async function status() {
  show("Looking …");
  const answer = await fetch("api/status");
  const { target, up, status, reason, millis } = await answer.json();
  main.dataset.up = up;
  show(up ? "Up" : "Down", `${target} ${up ? `answered ${status}` : `failed: ${reason ?? status}`} in ${millis} ms`);
}

if (location.pathname.endsWith("/about")) {
  show("About", "This page is static; what it shows comes from a function beside it.");
} else {
  await status();
}
