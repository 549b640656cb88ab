/** The main suite's settings. This folder's test is none of it, as it needs this folder's packages: `npm cit` here, and in CI. */
const { testPathIgnorePatterns, ...config } = require('../../jest.config.js');

module.exports = { ...config, roots: ['<rootDir>'] };
