// Who may import whom (see the table in README.md). Each rule says why, so that whoever breaks it
// learns what it protects.

/** A folder's modules may import, of our own code, only what `allowed` matches. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(server|media|inference|client|config|certs|setup|test)/', pathNot: allowed },
});

/** An npm package that one place alone may import. */
const alone = (pkg, owner, comment) => ({
  name: `only ${owner} imports ${pkg}`,
  comment,
  severity: 'error',
  from: { pathNot: [`^${owner}`, '^test/', '^node_modules'] },
  to: { path: `node_modules/${pkg}/` },
});

export default {
  forbidden: [
    only(
      'media stays alone',
      '^media/',
      ['^media/', '^inference/protocol/', '^inference/text/phrases\\.ts$'],
      'The media process must run without the server and reach models only over the protocol.',
    ),
    only(
      'inference stays alone',
      '^inference/',
      ['^inference/'],
      'Models know nothing of rooms or packets, so that they can move to another machine.',
    ),
    only(
      'protocol is a leaf',
      '^server/protocol/',
      ['^server/protocol/'],
      'The browser imports its types; anything more would drag the server along.',
    ),
    only(
      'server never runs models or audio',
      '^server/(?!protocol/)',
      ['^server/', '^media/messages\\.ts$', '^config/', '^certs/'],
      'The server process touches no audio and runs no model; it knows the media process by its messages.',
    ),
    only(
      'sfu, rooms and signaling meet at ports',
      '^server/sfu/',
      ['^server/(sfu|protocol)/', '^server/[a-z-]+\\.ts$', '^media/messages\\.ts$'],
      'The SFU serves rooms and knows none of them.',
    ),
    only(
      'client sees only the protocol',
      '^client/',
      ['^client/', '^server/protocol/'],
      'What a browser downloads must not contain server code.',
    ),
    only(
      'config composes options',
      '^config/',
      ['^config/', '/options\\.ts$'],
      'Reading the configuration must start nothing.',
    ),
    {
      name: 'nothing imports tests',
      comment: 'Test support is not shipped.',
      severity: 'error',
      from: { path: '^(server|media|inference|client|config|certs|setup)/' },
      to: { path: '^test/' },
    },
    alone('mediasoup', 'server/sfu/', 'One place to follow when mediasoup changes.'),
    alone('socket\\.io', 'server/signaling/', 'The wire is an edge; the rest speaks in calls.'),
    alone('onnxruntime-node', '(media/vad|inference/onnx)/', 'run() blocks its event loop.'),
    {
      name: 'no cycles',
      comment: 'Ownership is a tree; so are imports.',
      severity: 'error',
      from: { pathNot: '^node_modules' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^client/(dist|paraglide)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
};
