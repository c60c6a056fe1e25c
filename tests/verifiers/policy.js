// Google's csp_evaluator reads a Content-Security-Policy (text on standard input, as JSON) and says what it thinks of it:
// "high: directive: words" for what it calls high, nothing otherwise.
import { readFileSync } from "node:fs";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";

const policy = JSON.parse(readFileSync(0, "utf8"));
const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
const high = findings.filter((finding) => finding.severity === Severity.HIGH);
for (const finding of high) console.log(`high: ${finding.directive}: ${finding.description}`);
process.exitCode = high.length === 0 ? 0 : 1;
