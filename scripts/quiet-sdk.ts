// To be imported before the AWS SDK, which would tell on each run that its versions of 2027 need a later Node.js. The lock file has an earlier one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
