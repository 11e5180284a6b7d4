// Takes the two pictures of the README from the example pages, which are of made-up patients:
// NODE_PATH=.venv/browser/node_modules node docs/pictures/take.cjs
// `shown.json` beside them holds the words in each picture; with --words they are printed, as the
// pages have them now, and nothing is written: a test compares. It needs Chromium and playwright-core (`.ci/run` says how to install them).
const { chromium } = require("playwright-core");
const fs = require("fs");
const path = require("path");

const EXAMPLE = path.join(__dirname, "..", "example");
const WIDTH = 760;
const STYLE = `html { font-size: 13px; } body, svg { font-family: "Liberation Sans", Arial; } nav { display: none; }`;
// From the top of one element to the bottom of another.
const PICTURES = [
  { name: "patient.png", page: "first_relapse.html", from: "header", to: "#option-bvd dl" },
  { name: "cohort.png", page: "made_up.html", from: "#regimen", to: "#regimens-1" },
];

// The words of a page between two heights, without what differs from day to day.
const words = (page, top, bottom) => page.evaluate(([top, bottom]) => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNode(walker.currentNode);
    const box = range.getBoundingClientRect();
    const text = walker.currentNode.textContent.replace(/\s+/g, " ").trim();
    const inside = box.top + scrollY >= top && box.bottom + scrollY <= bottom && box.right > 0;
    if (text && box.height && inside) found.push(text);
  }
  return found.join(" ").replace(/\b[0-9a-f]{12}\b|\b\d{4}\.\d\d\.\d\d\b|\b\d{4}-\d\d-\d\d\b/g, "…");
}, [top, bottom]);

(async () => {
  const asked = process.argv.includes("--words");
  const shown = {};
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--disable-background-networking"],
  });
  for (const { name, page: file, from, to } of PICTURES) {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
    await page.goto(`file://${path.join(EXAMPLE, file)}`);
    await page.addStyleTag({ content: STYLE });
    const [top, bottom] = await page.evaluate(([from, to]) => [
      document.querySelector(from).getBoundingClientRect().top + scrollY,
      document.querySelector(to).getBoundingClientRect().bottom + scrollY,
    ], [from, to]);
    const clip = { x: 0, y: Math.max(top - 8, 0), width: WIDTH, height: bottom - top + 12 };
    shown[name] = await words(page, top, bottom);
    if (!asked) await page.screenshot({ path: path.join(__dirname, name), clip, fullPage: true });
    await page.close();
  }
  await browser.close();
  const told = `${JSON.stringify(shown, null, 1)}\n`;
  if (asked) process.stdout.write(told);
  else fs.writeFileSync(path.join(__dirname, "shown.json"), told);
})();
