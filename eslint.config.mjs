import tseslint from "typescript-eslint";

const clock = "Results must not depend on the clock; use performance.now() for a duration that is shown to a person.";
const dice = "Results must not depend on global randomness; derive a generator from a key (lib/random.ts).";

export default tseslint.config(
  { ignores: ["**/dist/**", "node_modules/**", "runs/**", "out/**", ".venv/**"] },
  ...tseslint.configs.recommended,
  {
    files: ["lib/**/*.ts", "tests/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: dice },
        { object: "Date", property: "now", message: clock },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
      ],
      "max-lines": ["error", { max: 420 }],
    },
  },
);
