import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { watchlistLayout } from '../lib/core/watchlist/serialize.ts';
import { readSettings } from '../lib/stack/settings.ts';
import { WirewatchStack } from '../lib/stack/wirewatch-stack.ts';

const app = new App();
const read = readSettings(app.node.getAllContext(), process.env.CDK_DEFAULT_REGION);
if (read.kind === 'wrong') {
  for (const sentence of read.sentences) console.error(`wirewatch: ${sentence}`);
  process.exit(1);
}
new WirewatchStack(app, `Wirewatch-${read.settings.stage}`, { ...read.settings, watchlistLayout });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
