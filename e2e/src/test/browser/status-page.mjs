// status-page.mjs CHROMIUM URL PICTURE: looks at the example site as a person would, and says what it saw as JSON.
import { chromium } from "playwright-core";

const [executablePath, url, picture] = process.argv.slice(2);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("requestfailed", (request) => problems.push(`${request.url()} ${request.failure().errorText}`));
  page.on("response", (answer) => answer.status() >= 400 && problems.push(`${answer.url()} ${answer.status()}`));

  await page.goto(url);
  await page.waitForSelector("main[data-up]");
  const status = await page.textContent("main");
  const color = await page.$eval("h1", (heading) => getComputedStyle(heading).color);
  await page.screenshot({ path: picture });

  await page.click("text=About");
  await page.waitForSelector("h1:has-text('About')");
  const about = page.url();

  await page.reload();
  const reloaded = await page.textContent("h1");
  console.log(JSON.stringify({ status, color, about, reloaded, problems }));
} finally {
  await browser.close();
}
