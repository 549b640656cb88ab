// To be imported before the AWS SDK, which on Node.js 20 would tell on each run that its versions of 2027 need 22. Those of the lock file do not,
// so it is noise: test/scripts/quiet-sdk.test.ts fails when an update changes that. The CDK's CLI has an SDK of its own and still warns.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
