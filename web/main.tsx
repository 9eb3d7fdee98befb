import { render } from 'preact';
import { apiClient } from './api/client.ts';
import { Frame } from './frame.tsx';
import { cognitoSignIn, nobodySignsIn, type SignedIn, type SignInConfig } from './sign-in.ts';

type Config = { readonly signIn: SignInConfig | null; readonly outbox: boolean };

const place = document.getElementById('page') as HTMLElement;

try {
  const config = (await (await fetch('/config.json')).json()) as Config;
  const session: SignedIn = config.signIn === null ? nobodySignsIn : await cognitoSignIn(config.signIn);
  render(<Frame client={apiClient(session)} session={session} outbox={config.outbox} />, place);
} catch (error) {
  render(<NotStarted why={error instanceof Error ? error.message : String(error)} />, place);
}

function NotStarted({ why }: { readonly why: string }) {
  return (
    <main class="not-started">
      <h1>Wirewatch</h1>
      <p>The page could not begin: {why}.</p>
      <p>
        <a href="/">Try again</a>
      </p>
    </main>
  );
}
