import { SqliteIndex } from './dist/db/sqlite-index.js';
import { madeWrites } from './node_modules/.cache/bench/bench/index/made-archive.js';
import { rmSync, existsSync } from 'node:fs';
const path='/tmp/db-bench/small.db';
if(!existsSync(path)){const index = SqliteIndex.open(path); for (const w of madeWrites({cameras:64, minutes:1440, startMs:Date.UTC(2026,8,1)})) index.apply(w); index.close();}
const index = SqliteIndex.open(path);
const q={fromWallMs:Date.UTC(2026,8,1),toWallMs:Date.UTC(2026,8,2)};
const ms=[]; for(let i=0;i<150;i++){const t=performance.now(); index.timeline(q); ms.push(performance.now()-t);} ms.sort((a,b)=>a-b); console.log('timeline64', ms[0].toFixed(2), ms[75].toFixed(2), ms[148].toFixed(2));
const r=index.timeline(q); console.log(r.reduce((s,c)=>s+c.events.length,0), r.reduce((s,c)=>s+c.gaps.length,0), r.reduce((s,c)=>s+c.recorded.length,0));
const m2=[]; for(let i=0;i<50;i++){const t=performance.now(); index.oldestSegments({holdsEvent:false,limit:100}); m2.push(performance.now()-t);} m2.sort((a,b)=>a-b); console.log('oldest', m2[0].toFixed(2), m2[25].toFixed(2));
