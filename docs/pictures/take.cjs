// Takes the two pictures of the README from the example pages, which are of made-up patients:
// NODE_PATH=.venv/browser/node_modules node docs/pictures/take.cjs
// It needs Chromium and playwright-core (`.ci/run` says how to install them).
const { chromium } = require("playwright-core");
const path = require("path");

const EXAMPLE = path.join(__dirname, "..", "example");
const WIDTH = 760;
const STYLE = `html { font-size: 13px; } body, svg { font-family: "Liberation Sans", Arial; } nav { display: none; }`;
// From the top of one element to the bottom of another.
const PICTURES = [
  { name: "patient.png", page: "first_relapse.html", from: "header", to: "#option-bvd dl" },
  { name: "cohort.png", page: "made_up.html", from: "#regimen", to: "#regimens-1" },
];

(async () => {
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
    await page.screenshot({ path: path.join(__dirname, name), clip, fullPage: true });
    await page.close();
  }
  await browser.close();
})();
