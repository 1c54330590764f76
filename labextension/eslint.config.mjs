import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// Markup made of texts, and what reaches the network or the page's store: a view of strangers' data has none of these.
const forbidden = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].map(name => ({
  selector: `MemberExpression[property.name="${name}"]`,
  message: 'Texts are put into the page by textContent alone.'
}));

export default tseslint.config(
  { ignores: ['lib/', 'node_modules/', 'scripts/', 'style/', 'src/model/*.generated.ts'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  prettier,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', 'fetch', 'localStorage', 'sessionStorage', 'eval'],
      'no-restricted-syntax': ['error', ...forbidden],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // a type that is claimed of what was checked
      '@typescript-eslint/unbound-method': 'off', // signals are given the object beside the method
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }]
    }
  },
  {
    files: ['src/model/**'],
    rules: {
      'no-restricted-globals': ['error', 'document', 'window', 'HTMLElement', 'fetch', 'localStorage', 'sessionStorage']
    }
  },
  { files: ['tests/**'], rules: { 'no-control-regex': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['**/*.mjs', '**/*.mts'], ...tseslint.configs.disableTypeChecked }
);
