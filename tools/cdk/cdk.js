#!/usr/bin/env node
// What `npx cdk` runs in this repository: the AWS CDK's command line of exactly the version that package-lock.json says,
// installed into target/cdk when it is not there. So nobody gets the registry's latest by mistake, and nothing but
// Node.js has to be installed. With --install it only installs.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const here = __dirname;
const dir = path.resolve(here, '../../target/cdk');
const lock = fs.readFileSync(path.join(here, 'package-lock.json'), 'utf8');
const stamp = path.join(dir, 'installed');

if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== lock) {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(here, file), path.join(dir, file));
  }
  const npm = spawnSync('npm', ['ci', '--silent', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: dir,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    console.error(`cdk: npm could not install it; for the reason: cd ${dir} && npm ci`);
    process.exit(1);
  }
  fs.writeFileSync(stamp, lock);
}
if (process.argv[2] !== '--install') {
  const cdk = path.join(dir, 'node_modules/aws-cdk/bin/cdk');
  const run = spawnSync(process.execPath, [cdk, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(run.status ?? 1);
}
