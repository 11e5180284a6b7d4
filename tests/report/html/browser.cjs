// Opens pages in Chromium and says, as JSON, what a reader or a printer would trip over.
// NODE_PATH names the folder of axe-core and playwright-core.
const { chromium } = require("playwright-core");
const fs = require("fs");

const [, , browserPath, ...pages] = process.argv;
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// Without margins, at 96 dots to the inch.
const PAPER = { A4: { width: 702, height: 1024 }, Letter: { width: 725, height: 957 } };
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Only the colours differ in the dark.
async function accessibility(page, colorScheme) {
  await page.evaluate(axe);
  return page.evaluate(async (dark) => {
    const found = await axe.run(dark ? { runOnly: ["color-contrast"] } : {});
    return found.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`);
  }, colorScheme === "dark");
}

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

// Rows that a page break may cut, or that no page holds, and details whose name is printed alone.
const cut = (page, height) => page.evaluate((height) => {
  const found = [];
  for (const each of document.querySelectorAll("svg, tr, .sources li, h4")) {
    const box = each.getBoundingClientRect();
    if (box.height > height) found.push(`${each.tagName} of ${Math.round(box.height)}`);
    if (getComputedStyle(each).breakInside !== "avoid") found.push(`${each.tagName} may be cut`);
  }
  for (const each of document.querySelectorAll("details")) {
    const left = getComputedStyle(each).display === "none";
    if (!left && !each.lastElementChild.getBoundingClientRect().height) found.push("folded details");
  }
  return found;
}, height);

// The names of the details that print leaves in the file.
const left = (page) => page.evaluate(() =>
  [...document.querySelectorAll("details")]
    .filter((each) => getComputedStyle(each).display === "none")
    .map((each) => each.querySelector("summary").textContent));

// Every place that the keyboard reaches, by Tab alone; and whether the first leads to the content.
async function keyboard(page) {
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.getAttribute("href"));
  await page.keyboard.press("Enter");
  const main = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("Tab");
  const then = await page.evaluate(() => !!document.activeElement.closest("main"));
  const folded = page.locator("summary").first();
  if (await folded.count()) {
    await folded.focus();
    await page.keyboard.press("Enter");
  }
  const open = await page.evaluate(() => {
    const each = document.querySelector("details");
    return !each || each.open;
  });
  return { first, main, then, open };
}

async function looked(browser, file) {
  const told = { console: [], requests: [], axe: [], sideways: [], cut: [], pages: {} };
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    page.on("console", (message) => told.console.push(message.text()));
    page.on("pageerror", (error) => told.console.push(String(error)));
    page.on("request", (request) => {
      if (request.url() !== `file://${file}`) told.requests.push(request.url());
    });
    await page.goto(`file://${file}`);
    if (colorScheme === "light") {
      told.keyboard = await keyboard(page);
      if (await sideways(page)) told.sideways.push("phone");
      await page.emulateMedia({ media: "print" });
      for (const [format, size] of Object.entries(PAPER)) {
        await page.setViewportSize(size);
        told.cut.push(...(await cut(page, size.height)));
        if (await sideways(page)) told.sideways.push(format);
      }
      told.left = await left(page);
      for (const format of Object.keys(PAPER)) {
        const paper = (await page.pdf({ format })).toString("latin1");
        told.pages[format] = paper.match(/\/Type\s*\/Page\b/g).length;
      }
      await page.emulateMedia({ media: "screen" });
    }
    await page.setViewportSize({ width: 1100, height: 900 });
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    told.axe.push(...(await accessibility(page, colorScheme)));
    await context.close();
  }
  return told;
}

(async () => {
  const browser = await chromium.launch({ executablePath: browserPath, args: quiet });
  const found = {};
  for (const file of pages) found[file] = await looked(browser, file);
  await browser.close();
  process.stdout.write(JSON.stringify(found));
})();
