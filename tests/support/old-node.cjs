// Makes any Node pass for one too old to run TypeScript.
Object.defineProperty(process.versions, 'node', { value: '20.0.0' });
