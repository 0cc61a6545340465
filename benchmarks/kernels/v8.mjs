// Runs a command of WASI in V8: node v8.mjs FILE QUERY
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [file, query] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: ['kernel'], env: { QUERY_STRING: query } });
const module = await WebAssembly.compile(await readFile(file));
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
