// Lint: type-aware rules where a mistake costs a call (floating promises, missed cases), and the
// habits of the house. Import directions are checked apart, in .dependency-cruiser.mjs.
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const house = {
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  'max-lines': ['error', { max: 400 }],
  'max-params': ['error', 4],
  'no-console': 'error',
};

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'client/dist',
      'client/paraglide',
      'test/.artifacts',
      'client/vite.config.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: house,
  },
  {
    files: ['client/**/*.svelte', 'client/**/*.svelte.ts'],
    extends: [tseslint.configs.strict, svelte.configs.recommended],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] },
    },
    rules: { 'max-lines': ['error', { max: 400 }], 'svelte/no-at-html-tags': 'error' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: globals.node },
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
  { files: ['setup/**', 'test/bench/**'], rules: { 'no-console': 'off' } },
);
