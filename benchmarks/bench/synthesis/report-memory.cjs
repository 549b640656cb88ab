// Preloaded into the processes of an app: each writes down its largest size, in kibibytes, when it ends. The app's own is the last to end.
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.MEMORY_FILE, String(process.resourceUsage().maxRSS)));
