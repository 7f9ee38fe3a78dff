/** The house under chaos, as a process of its own: `serve`, or a broken twin of it where CHAOS_TWIN names one. */
import { openApp } from '../../src/cli/openApp.ts';
import { readConfig } from '../../src/config.ts';
import { serve } from '../../src/main.ts';

const app = await openApp(readConfig(process.env), () => {});
try {
  await serve(app);
} finally {
  await app.close();
}
